// SPDX-License-Identifier: GPL-2.0-only
/*
 * DriverEntry of badport: calls AtaPortInitializeEx in every wrong way before
 * and after the right one, and refuses to load if one of them was accepted.
 */
#include "badport.h"

PVOID BadDriverObject;
PVOID BadRegistryPath;
IDE_CONTROLLER_INTERFACE BadInterface;

static VOID
BadFillInterface(PIDE_CONTROLLER_INTERFACE Interface)
{
    RtlZeroMemory(Interface, sizeof(*Interface));
    Interface->Version = sizeof(*Interface);
    Interface->ControllerExtensionSize = BadControllerSize();
    Interface->ChannelExtensionSize = BadChannelSize();
    Interface->AtaAdapterControl = BadAdapterControl;
    Interface->AtaControllerChannelEnabled = BadChannelEnabled;
    Interface->AtaChannelInitRoutine = BadChannelInit;
}

ULONG
DriverEntry(PVOID DriverObject, PVOID RegistryPath)
{
    PIDE_CONTROLLER_INTERFACE Interface = &BadInterface;
    ULONG Refused = 0;
    ULONG Accepted = 0;
    ULONG Status;
    ULONG Right;

#define WRONG(Object, Path, Argument, Change)                               \
    do {                                                                    \
        BadFillInterface(Interface);                                        \
        Change;                                                             \
        Status = AtaPortInitializeEx(Object, Path, Argument);               \
        if (Status != STATUS_SUCCESS) {                                     \
            Refused++;                                                      \
        } else {                                                            \
            Accepted++;                                                     \
            AtaPortDebugPrint(0, "badport: wrongly accepted: " #Object ", " \
                              #Path ", " #Argument ", " #Change "\n");      \
        }                                                                   \
    } while (0)
#define WRONG_FIELD(Change)                                                 \
    WRONG(DriverObject, RegistryPath, Interface, Interface->Change)

    WRONG_FIELD(Version = 0);
    WRONG_FIELD(Version = sizeof(*Interface) - 1);
    WRONG_FIELD(Version = sizeof(*Interface) + 8);
    WRONG_FIELD(Version = 0xffff);
    WRONG(DriverObject, RegistryPath, NULL, (VOID)0);
    WRONG(NULL, RegistryPath, Interface, (VOID)0);
    WRONG((PUCHAR)DriverObject + 8, RegistryPath, Interface, (VOID)0);
    WRONG(DriverObject, NULL, Interface, (VOID)0);
    WRONG_FIELD(AtaAdapterControl = NULL);
    WRONG_FIELD(ControllerExtensionSize = 0xffffffff);
    WRONG_FIELD(ControllerExtensionSize = 0x80000000);
    WRONG_FIELD(ChannelExtensionSize = 0xffffffff);
    WRONG_FIELD(ChannelExtensionSize = (32 << 20) + 1);
    WRONG_FIELD(AlignmentMask = 2);
    WRONG_FIELD(AlignmentMask = 0x1fd);
    WRONG_FIELD(AlignmentMask = 0x7fffffff);
    WRONG_FIELD(AlignmentMask = 0xffffffff);

    BadFillInterface(Interface);
    Right = AtaPortInitializeEx(DriverObject, RegistryPath, Interface);
    if (Right != STATUS_SUCCESS)
        AtaPortDebugPrint(0, "badport: the right call was refused with %08x\n", Right);
    else
        /* A second time, however right. */
        WRONG_FIELD(Version = sizeof(*Interface));

    BadDriverObject = DriverObject;
    BadRegistryPath = RegistryPath;
    AtaPortDebugPrint(0, "badport: %u wrong calls of AtaPortInitializeEx refused, %u accepted\n",
                      Refused, Accepted);
    return Accepted ? STATUS_UNSUCCESSFUL : Right;
}
