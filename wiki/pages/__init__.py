"""What every kind of page shares: fields, lists, histories, forms."""
