"""The deck: about ten PowerPoint slides, charts and tables native, every number out of results."""
