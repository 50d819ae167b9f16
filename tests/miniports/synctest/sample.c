// SPDX-License-Identifier: GPL-2.0-only
/*
 * The AHCI sample, whole and unchanged, in one piece. What it hands to the
 * port driver goes through entry.c, which puts the checks in between.
 */
#include "../../../miniport_sample/ahci/ahci.h"

ULONG SyncInitializeEx(PVOID DriverObject, PVOID RegistryPath,
                       PIDE_CONTROLLER_INTERFACE Interface);
ULONG AhciDriverEntry(PVOID DriverObject, PVOID RegistryPath);

#define DriverEntry         AhciDriverEntry
#define AtaPortInitializeEx SyncInitializeEx

#include "../../../miniport_sample/ahci/driver.c"
#include "../../../miniport_sample/ahci/port.c"
#include "../../../miniport_sample/ahci/io.c"
#include "../../../miniport_sample/ahci/error.c"
#include "../../../miniport_sample/ahci/power.c"
