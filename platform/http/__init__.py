"""HTTP as every slice shares it: problem details, guards, streams, the server."""
