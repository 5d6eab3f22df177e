"""Areas of parks."""
