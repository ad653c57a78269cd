"""Between the engine and the network: identity, redirects, trying again, and what a failed download means."""
