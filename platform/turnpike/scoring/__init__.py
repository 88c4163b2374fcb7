"""How good raw predictions are, measured by the side that holds the labels.

Pure: predictions and labels in, metric values and checks out. Nothing here runs a model, reads a
file or knows of a container; whether a failed check denies a change is the judge's affair.
"""
