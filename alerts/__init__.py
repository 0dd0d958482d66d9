"""What an entry means, who must know, and how they are told."""
