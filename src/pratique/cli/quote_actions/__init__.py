"""What ``pratique quote`` does with signed quotes; imported only when asked for."""
