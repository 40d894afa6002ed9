"""Ways in which an attacker rewrites his own items, one file each; used to measure and to train, never to attack."""
