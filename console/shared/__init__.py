"""What several panes share that knows of the product, and is therefore no part of console/ui."""
