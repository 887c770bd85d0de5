"""What serving takes: rooflines, batches, queues."""
