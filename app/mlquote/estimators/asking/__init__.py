"""What every question and every answer share: words, numbers and moments as people write them, findings, faults."""
