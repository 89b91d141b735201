"""What every service needs, and nothing that any one service decides."""

import warnings

# The embedded server asks for a runtime directory that only a desktop session has; any other place serves it as well.
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
