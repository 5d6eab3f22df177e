"""What search engines and feed readers read: descriptions, addresses, linked data, sitemaps."""
