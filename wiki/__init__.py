"""Parks, rides, the companies behind them, and the pages that show and change them."""
