"""What the pages for browsers share: the frame around each of them, their files, their forms."""
