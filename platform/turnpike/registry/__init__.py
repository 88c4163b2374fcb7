"""Where trained artifacts are kept and found: MLflow's registry and the content-addressed store.

``interface.py`` says what a registry answers; one adapter for each way to reach MLflow. Nothing
here judges: whether an artifact may be merged, released or served is decided elsewhere.
"""
