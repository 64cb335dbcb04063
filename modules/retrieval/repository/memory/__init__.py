"""The published index in memory: immutable segments of each tenant, and views of them that searches share."""
