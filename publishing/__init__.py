"""What happens to a built site: build, check, release, deploy, serve."""
