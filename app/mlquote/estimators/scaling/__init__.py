"""What loss does a budget buy, and what does a loss cost? One law of loss, its figures, and other laws beside it."""
