"""Elements of tracks: loops, cobra rolls, airtime hills."""
