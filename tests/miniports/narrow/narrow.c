// SPDX-License-Identifier: GPL-2.0-only
/*
 * The PIIX sample with limits: requests of a few kilobytes in a few pieces. It
 * also claims all addresses, which the engine behind its channels cannot reach.
 */
#include <miniport.h>
#include <ata.h>
#include <irb.h>

ULONG NarrowInitializeEx(PVOID DriverObject, PVOID RegistryPath,
                         PIDE_CONTROLLER_INTERFACE Interface);
ULONG PiixDriverEntry(PVOID DriverObject, PVOID RegistryPath);

#define DriverEntry         PiixDriverEntry
#define AtaPortInitializeEx NarrowInitializeEx

#include "../../../miniport_sample/piix/piix.c"

#undef DriverEntry
#undef AtaPortInitializeEx

static BOOLEAN
NarrowAdapterControl(PVOID ControllerExtension, IDE_CONTROL_ACTION Action, PVOID Parameters)
{
    PIDE_CONTROLLER_CONFIGURATION Configuration = Parameters;

    if (!PiixAdapterControl(ControllerExtension, Action, Parameters))
        return FALSE;
    if (Action == IdeStart) {
        Configuration->MaximumTransferLength = 8192;
        Configuration->NumberOfPhysicalBreaks = 1;
        Configuration->Dma64BitAddress = TRUE;
    }
    return TRUE;
}

ULONG
NarrowInitializeEx(PVOID DriverObject, PVOID RegistryPath, PIDE_CONTROLLER_INTERFACE Interface)
{
    Interface->AtaAdapterControl = NarrowAdapterControl;
    Interface->AlignmentMask = 1023;
    return AtaPortInitializeEx(DriverObject, RegistryPath, Interface);
}

ULONG
DriverEntry(PVOID DriverObject, PVOID RegistryPath)
{
    return PiixDriverEntry(DriverObject, RegistryPath);
}
