"""Every table: its size, its rows and dead rows, when it was last cleaned up and analysed, how it is read."""
