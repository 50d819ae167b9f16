// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sample's entry points, each in a wrapper that looks at the level it is
 * called at, checks what must hold there, asks for callbacks as the load says,
 * and calls the sample.
 */
#include "synctest.h"

ULONG SyncInitializeEx(PVOID DriverObject, PVOID RegistryPath,
                       PIDE_CONTROLLER_INTERFACE Interface);

SYNC_CONTROLLER SyncControllers[SYNC_CONTROLLERS];
SYNC_CHANNEL SyncChannels[SYNC_CHANNELS];
static IDE_CONTROLLER_INTERFACE SyncSample;

static PSYNC_CONTROLLER
SyncFindController(PVOID ControllerExtension)
{
    ULONG i;

    for (i = 0; i < SYNC_CONTROLLERS; i++)
        if (SyncControllers[i].Extension == ControllerExtension)
            return &SyncControllers[i];
    return NULL;
}

PSYNC_CHANNEL
SyncFind(PVOID ChannelExtension)
{
    ULONG i;

    for (i = 0; i < SYNC_CHANNELS; i++)
        if (SyncChannels[i].Extension == ChannelExtension)
            return &SyncChannels[i];
    return NULL;
}

VOID
SyncLevel(PSYNC_CHANNEL Channel, ULONG Routine)
{
    sync_linux.level((int)Channel->Controller->Index, (int)Channel->Number,
                     (int)Routine, Channel->Sync);
}

/* From its first request on a channel is fit for callbacks from everywhere. */
static VOID
SyncAlive(PSYNC_CHANNEL Channel)
{
    if (!Channel->Live && !Channel->Stopped) {
        Channel->Live = TRUE;
        sync_linux.started();
    }
}

static BOOLEAN
SyncHwInitialize(PVOID ChannelExtension, PIDE_DEVICE_PARAMETERS Parameters,
                 PIDENTIFY_DEVICE_DATA Identify)
{
    PSYNC_CHANNEL Channel = SyncFind(ChannelExtension);
    BOOLEAN Ok;

    SyncLevel(Channel, SYNC_R_INITIALIZE);
    SyncEnterChannel(Channel);
    if (Channel->Sync)
        SyncEnter(Channel, FALSE);
    Ok = Channel->Sample.IdeHwInitialize(ChannelExtension, Parameters, Identify);
    if (Channel->Sync)
        SyncLeave(Channel);
    SyncLeaveChannel(Channel);
    return Ok;
}

static BOOLEAN
SyncHwBuildIo(PVOID ChannelExtension, PIDE_REQUEST_BLOCK Irb)
{
    PSYNC_CHANNEL Channel = SyncFind(ChannelExtension);
    BOOLEAN Ok;

    SyncAlive(Channel);
    SyncLevel(Channel, SYNC_R_BUILD);
    SyncEnterChannel(Channel);
    if (sync_bad_build)
        SyncProbeBuild(Channel);
    if (sync_load & SYNC_LOAD_BUILD)
        SyncAskImmediate(Channel, FromBuild, FALSE);
    Ok = Channel->Sample.IdeHwBuildIo(ChannelExtension, Irb);
    SyncLeaveChannel(Channel);
    return Ok;
}

static BOOLEAN
SyncHwStartIo(PVOID ChannelExtension, PIDE_REQUEST_BLOCK Irb)
{
    PSYNC_CHANNEL Channel = SyncFind(ChannelExtension);
    BOOLEAN Ok;

    SyncLevel(Channel, SYNC_R_START);
    sync_count(SYNC_STARTS);
    SyncEnterChannel(Channel);
    if (Channel->Sync) {
        SyncEnter(Channel, FALSE);
        if (sync_load & SYNC_LOAD_START)
            SyncAskDeferred(Channel);
    } else if (sync_load & SYNC_LOAD_START) {
        SyncAskImmediate(Channel, FromStart, FALSE);
    }
    Ok = Channel->Sample.IdeHwStartIo(ChannelExtension, Irb);
    if (Channel->Sync)
        SyncLeave(Channel);
    SyncLeaveChannel(Channel);
    return Ok;
}

static BOOLEAN
SyncHwReset(PVOID ChannelExtension)
{
    PSYNC_CHANNEL Channel = SyncFind(ChannelExtension);
    BOOLEAN Ok;

    SyncAlive(Channel);
    SyncLevel(Channel, SYNC_R_RESET);
    SyncEnterChannel(Channel);
    if (Channel->Sync) {
        SyncEnter(Channel, FALSE);
        if (sync_load & SYNC_LOAD_START)
            SyncAskDeferred(Channel);
    }
    Ok = Channel->Sample.IdeHwReset(ChannelExtension);
    if (Channel->Sync)
        SyncLeave(Channel);
    SyncLeaveChannel(Channel);
    return Ok;
}

static BOOLEAN
SyncHwInterrupt(PVOID ChannelExtension)
{
    PSYNC_CHANNEL Channel = SyncFind(ChannelExtension);
    BOOLEAN Claimed;
    ULONG i;

    SyncLevel(Channel, SYNC_R_INTERRUPT);
    SyncEnter(Channel, FALSE);
    Claimed = Channel->Sample.IdeHwInterrupt(ChannelExtension);
    if (Claimed) {
        sync_count(SYNC_INTERRUPTS);
        Channel->Claimed++;
        if (sync_load & SYNC_LOAD_INTERRUPT) {
            Channel->Chain = 2;
            SyncAskDeferred(Channel);
            SyncAskDeferred(Channel);
            if (sync_load & SYNC_LOAD_CONTROLLER)
                SyncAskControllerDeferred(Channel);
        }
        if ((sync_load & SYNC_LOAD_FULL) && Channel->Claimed % 32 == 0) {
            Channel->Controller->Bulk = 1;
            for (i = 0; i < 64; i++)
                SyncAskDeferred(Channel);
        }
    }
    SyncLeave(Channel);
    return Claimed;
}

static BOOLEAN
SyncStart(PSYNC_CHANNEL Channel, PIDE_CHANNEL_CONFIGURATION Configuration)
{
    ULONG i;

    for (i = 0; i < SYNC_NR_TIMERS; i++)
        Channel->Timer[i].Pending = FALSE;
    Channel->Sync = TRUE;
    Channel->Stopped = FALSE;
    if (!Channel->Sample.IdeHwControl(Channel->Extension, IdeStart, Configuration))
        return FALSE;
    Channel->Sync = Configuration->SyncWithIsr;
    SyncLevel(Channel, SYNC_R_CONTROL_START);
    return TRUE;
}

static BOOLEAN
SyncHwControl(PVOID ChannelExtension, IDE_CONTROL_ACTION Action, PVOID Parameters)
{
    PSYNC_CHANNEL Channel = SyncFind(ChannelExtension);
    BOOLEAN Ok;

    switch (Action) {
    case IdeStart:
        return SyncStart(Channel, Parameters);
    case IdeStop:
        Channel->Stopped = TRUE;
        SyncLevel(Channel, SYNC_R_CONTROL_STOP);
        sync_count(SYNC_STOPS);
        SyncProbeStopped(Channel);
        Ok = Channel->Sample.IdeHwControl(ChannelExtension, Action, Parameters);
        SyncProbeStopped(Channel);
        return Ok;
    default:
        SyncLevel(Channel, SYNC_R_CONTROL_POWER);
        return Channel->Sample.IdeHwControl(ChannelExtension, Action, Parameters);
    }
}

static BOOLEAN
SyncChannelInit(PVOID ChannelExtension, PIDE_CHANNEL_INTERFACE Interface,
                PVOID ControllerExtension)
{
    PSYNC_CONTROLLER Controller = SyncFindController(ControllerExtension);
    PSYNC_CHANNEL Channel = &SyncChannels[Controller->Index * SYNC_PORTS +
                                          Interface->ChannelNumber];

    Channel->Extension = ChannelExtension;
    Channel->Controller = Controller;
    Channel->Number = Interface->ChannelNumber;
    Channel->Inside = 0;
    Channel->Sync = TRUE;
    SyncLevel(Channel, SYNC_R_CHANNEL_INIT);
    if (!SyncSample.AtaChannelInitRoutine(ChannelExtension, Interface,
                                          ControllerExtension))
        return FALSE;
    Channel->Sample = *Interface;
    Interface->IdeHwInitialize = SyncHwInitialize;
    Interface->IdeHwBuildIo = SyncHwBuildIo;
    Interface->IdeHwStartIo = SyncHwStartIo;
    Interface->IdeHwInterrupt = SyncHwInterrupt;
    Interface->IdeHwReset = SyncHwReset;
    Interface->IdeHwControl = SyncHwControl;
    return TRUE;
}

static IDE_CHANNEL_STATE
SyncChannelEnabled(PVOID ControllerExtension, ULONG ChannelNumber)
{
    PSYNC_CONTROLLER Controller = SyncFindController(ControllerExtension);

    sync_linux.level((int)Controller->Index, -1, SYNC_R_CHANNEL_ENABLED, 1);
    if (ChannelNumber >= SYNC_PORTS)
        return ChannelStateDisabled;
    return SyncSample.AtaControllerChannelEnabled(ControllerExtension, ChannelNumber);
}

static BOOLEAN
SyncAdapterStart(PVOID ControllerExtension, PVOID Parameters)
{
    PSYNC_CONTROLLER Controller = SyncFindController(NULL);
    ULONG i;

    if (Controller == NULL)
        return FALSE;
    Controller->Index = (LONG)(Controller - SyncControllers);
    Controller->Extension = ControllerExtension;
    Controller->Inside = 0;
    for (i = 0; i < SYNC_PORTS; i++)
        SyncChannels[Controller->Index * SYNC_PORTS + i].Extension = NULL;
    sync_linux.attach((int)Controller->Index);
    sync_linux.level((int)Controller->Index, -1, SYNC_R_ADAPTER_START, 1);
    return SyncSample.AtaAdapterControl(ControllerExtension, IdeStart, Parameters);
}

static BOOLEAN
SyncAdapterControl(PVOID ControllerExtension, IDE_CONTROL_ACTION Action,
                   PVOID Parameters)
{
    PSYNC_CONTROLLER Controller;
    BOOLEAN Ok;

    if (Action == IdeStart)
        return SyncAdapterStart(ControllerExtension, Parameters);
    Controller = SyncFindController(ControllerExtension);
    sync_linux.level((int)Controller->Index, -1,
                     Action == IdeStop ? SYNC_R_ADAPTER_STOP : SYNC_R_ADAPTER_POWER, 1);
    Ok = SyncSample.AtaAdapterControl(ControllerExtension, Action, Parameters);
    if (Action == IdeStop) {
        ULONG i;

        /* Threads that ask are waited for; the extensions are freed soon. */
        sync_linux.detach((int)Controller->Index);
        for (i = 0; i < SYNC_PORTS; i++)
            SyncChannels[Controller->Index * SYNC_PORTS + i].Live = FALSE;
        Controller->Extension = NULL;
    }
    return Ok;
}

/* What the sample's DriverEntry calls in place of AtaPortInitializeEx. */
ULONG
SyncInitializeEx(PVOID DriverObject, PVOID RegistryPath,
                 PIDE_CONTROLLER_INTERFACE Interface)
{
    IDE_CONTROLLER_INTERFACE Mine = *Interface;

    SyncSample = *Interface;
    Mine.AtaChannelInitRoutine = SyncChannelInit;
    Mine.AtaControllerChannelEnabled = SyncChannelEnabled;
    Mine.AtaAdapterControl = SyncAdapterControl;
    return AtaPortInitializeEx(DriverObject, RegistryPath, &Mine);
}

unsigned int
sync_entry(void *driver_object, void *registry_path)
{
    sync_linux.level(0, -1, SYNC_R_DRIVER_ENTRY, 1);
    return AhciDriverEntry(driver_object, registry_path);
}
