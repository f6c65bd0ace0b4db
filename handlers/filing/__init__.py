"""An activity's life as it is filed, reported and looked over in chat."""
