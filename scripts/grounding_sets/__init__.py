"""Makes true and false sentences of gold ones, with no part of the verifier that they measure."""
