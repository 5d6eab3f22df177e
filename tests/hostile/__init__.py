"""What attackers, spammers and unlucky operators send, by number."""
