"""The service killed again and again while clients write down what they were told; then judged."""
