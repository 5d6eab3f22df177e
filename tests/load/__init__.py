"""Load of every unkind sort: short in the suite, long by hand."""
