"""What helps the author write: skeletons of posts and tips."""
