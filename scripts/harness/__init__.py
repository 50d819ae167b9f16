# SPDX-License-Identifier: GPL-2.0-only
"""The guest harness: fetches a kernel, packs an initramfs, boots QEMU and reads the verdict."""
