"""What only a browser shows: accessibility, keyboard, narrow screens, no JavaScript, weight. Marked `browser`; run against the demonstration itself."""
