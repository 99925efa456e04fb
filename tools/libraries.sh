#!/bin/sh
# The system libraries that MediaPipe and OpenCV are linked against, even where nothing is shown on a screen.
# Root of a Debian gets them installed; anybody else is told what to install.
set -eu
packages="libgl1 libegl1 libgles2 libglib2.0-0"

[ "$(uname)" = Linux ] || exit 0
load='import ctypes; [ctypes.CDLL(f"lib{name}") for name in ("GL.so.1", "EGL.so.1", "GLESv2.so.2", "glib-2.0.so.0")]'
if "${PYTHON:-python3}" -c "$load" 2>/dev/null; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing the system libraries $packages."
    apt-get -qq update
    exec env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends $packages >/dev/null
fi
echo "posecount needs system libraries first: sudo apt install $packages" >&2
exit 1
