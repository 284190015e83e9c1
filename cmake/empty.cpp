// Stands in for a library without sources.
