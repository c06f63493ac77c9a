"""What one team may learn of another: nothing, by no answer and by no clock."""
