"""Portal: the web pages. They speak to the other slices over HTTP alone, and nobody imports them."""
