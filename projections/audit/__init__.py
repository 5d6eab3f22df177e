"""Does the wiki say what the log says? Everything compared, the first difference named."""
