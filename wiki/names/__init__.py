"""What pages are called, now or formerly: looked up at every viewpoint, and told apart."""
