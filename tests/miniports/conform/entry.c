// SPDX-License-Identifier: GPL-2.0-only
/*
 * Life of the controller and its channels, and the orders.
 */
#include "conform.h"

struct conf_linux conf_linux;
PCONF_CONTROLLER ConfController;
PCONF_CHANNEL ConfChannels[CONF_CHANNELS];
ULONG ConfStates[CONF_NR_STATES];
PVOID ConfDriverObject, ConfRegistryPath;
static BOOLEAN ConfZeroedInterface;

static BOOLEAN
ConfIsZero(PVOID Memory, ULONG Length)
{
    PUCHAR Byte = Memory;

    while (Length--)
        if (*Byte++)
            return FALSE;
    return TRUE;
}

/* The last channel is about to start: an interrupt reaches only the others. */
static VOID
ConfEarlyInterrupt(VOID)
{
    ULONG Before = ConfStates[CONF_STATE_INTERRUPTS];
    ULONG i;

    CHECK(NO_EARLY_INTERRUPT, conf_linux.interrupt() == 0);
    for (i = 0; i < 1000 && ConfStates[CONF_STATE_INTERRUPTS] == Before; i++)
        conf_linux.sleep();
    CHECK(NO_EARLY_INTERRUPT, ConfStates[CONF_STATE_INTERRUPTS] != Before);
}

/* The two public settings of a link's power. */
static const GUID ConfGuidLink = {
    0x0b2d69d7, 0xa2a1, 0x449c, { 0x96, 0x80, 0xf9, 0x1c, 0x70, 0x52, 0x1c, 0x60 }
};
static const GUID ConfGuidAdaptive = {
    0xdab60367, 0x53fe, 0x4fbc, { 0x82, 0x5e, 0x52, 0x1d, 0x06, 0x9d, 0x24, 0x56 }
};

static VOID
ConfListSettings(PIDE_ADVANCED_CHANNEL_CONFIGURATION Advanced)
{
    if (Advanced == NULL)
        return;
    Advanced->VendorDefinedPower.ValidGuids = 2;
    Advanced->VendorDefinedPower.Guid[0] = ConfGuidAdaptive;
    Advanced->VendorDefinedPower.Guid[1] = ConfGuidLink;
}

/* The way to sleep and back, a digit a step. */
VOID
ConfSleep(ULONG Step)
{
    ConfStates[CONF_STATE_SLEEP] = ConfStates[CONF_STATE_SLEEP] * 10 + Step;
}

static BOOLEAN
ConfSetting(PCONF_CHANNEL Channel, PIDE_VENDOR_DEFINED_POWER_INFO Info)
{
    ULONG State;

    CHECK(LPM, Info != NULL && Info->Value != NULL && Info->ValueLength == sizeof(ULONG));
    if (RtlCompareMemory(&Info->SettingGuid, &ConfGuidLink, sizeof(GUID)) == sizeof(GUID))
        State = CONF_STATE_LPM;
    else if (RtlCompareMemory(&Info->SettingGuid, &ConfGuidAdaptive, sizeof(GUID)) == sizeof(GUID))
        State = CONF_STATE_ADAPTIVE;
    else
        return FALSE;
    if (Channel->Number == CONF_DISK)
        ConfStates[State] = *(PULONG)Info->Value;
    return TRUE;
}

static BOOLEAN
ConfControl(PVOID ChannelExtension, IDE_CONTROL_ACTION Action, PVOID Parameters)
{
    PCONF_CHANNEL Channel = ChannelExtension;
    PIDE_CHANNEL_CONFIGURATION Configuration = Parameters;
    ULONG i;

    switch (Action) {
    case IdeStart:
        CHECK(START_DEFAULTS, Configuration->Version == sizeof(*Configuration) &&
              Configuration->ChannelNumber == Channel->Number &&
              Configuration->ChannelMode == IdeModeNormal &&
              Configuration->NumberOfOverlappedRequests == 1 &&
              Configuration->MaxTargetId == 1 &&
              Configuration->SyncWithIsr == TRUE && Configuration->SupportsWmi == TRUE &&
              Configuration->ChannelResources->NumberOfAccessRanges > 0);
        CHECK(START_DEFAULTS,
              Configuration->SupportedAdvances.AdvancedChannelConfigurationSupported &&
              Configuration->AdvancedChannelConfiguration != NULL &&
              Configuration->AdvancedChannelConfiguration->Length ==
              sizeof(IDE_ADVANCED_CHANNEL_CONFIGURATION) &&
              Configuration->AdvancedChannelConfiguration->Present.VendorDefinedPower);
        Configuration->NumberOfOverlappedRequests = Channel->Number == CONF_CD ? 1 : CONF_DEPTH;
        Configuration->MaxTargetId = 0;
        Configuration->SyncWithIsr = ConfController->SyncWithIsr;
        ConfListSettings(Configuration->AdvancedChannelConfiguration);
        if (Channel->Number == CONF_DISK)
            ConfRegistryStart(Channel);
        ConfMemory(Channel);
        if (Channel->Number == CONF_PLUG)
            ConfEarlyInterrupt();
        ConfRandom(Channel, 5, FALSE);
        /* The drive needs a while; what comes meanwhile is ours to queue. */
        if (Channel->Number == CONF_CD)
            Channel->Busy = AtaPortRequestTimer(Channel, ConfServeEarly, 1000000);
        Channel->Stopping = FALSE;
        Channel->Started = TRUE;
        return TRUE;
    case IdeStop:
        Channel->Stopping = TRUE;
        CHECK(STOP_ORDER, Channel->Held == NULL && Channel->Kept == NULL);
        CHECK(UNCACHED_STOP, Channel->Uncached != NULL && Channel->Uncached[100] == CONF_BUILT);
        ConfController->Stopped |= 1U << Channel->Number;
        ConfCallbacksStopped(Channel);
        ConfRandom(Channel, 5, FALSE);
        if (Channel->Number == CONF_DISK)
            ConfRegistryStop(Channel);
        Channel->Started = FALSE;
        for (i = 0; i < CONF_CHANNELS; i++)
            if (ConfChannels[i] == Channel)
                ConfChannels[i] = NULL;
        return TRUE;
    case IdeVendorDefined:
        ConfRandom(Channel, 5, FALSE);
        return ConfSetting(Channel, Parameters);
    default:
        if (Channel->Number == CONF_DISK)
            ConfSleep(Action == IdePowerDown ? 2 : 5);
        ConfRandom(Channel, 5, FALSE);
        return TRUE;
    }
}

static BOOLEAN
ConfChannelInit(PVOID ChannelExtension, PIDE_CHANNEL_INTERFACE Interface,
                PVOID ControllerExtension)
{
    PCONF_CHANNEL Channel = ChannelExtension;

    CHECK(CHANNEL_INIT, Interface->Version == sizeof(*Interface) &&
          Interface->ChannelNumber < CONF_CHANNELS && ControllerExtension == ConfController);
    CHECK(CHANNEL_INIT, ConfIsZero(Channel, sizeof(*Channel)));
    CHECK(ENABLED_SPARSE, Interface->ChannelNumber != CONF_DISABLED);
    CHECK(ENABLED_ASKED, ConfController->Asked == (1U << CONF_CHANNELS) - 1);

    Channel->Number = Interface->ChannelNumber;
    Channel->Present = Channel->Number != CONF_PLUG;
    ConfController->Initialized |= 1U << Channel->Number;
    ConfChannels[Channel->Number] = Channel;

    Interface->IdeHwInitialize = ConfInitialize;
    /* One channel goes without. */
    Interface->IdeHwBuildIo = Channel->Number == CONF_PLUG ? NULL : ConfBuildIo;
    Interface->IdeHwStartIo = ConfStartIo;
    Interface->IdeHwInterrupt = ConfInterrupt;
    Interface->IdeHwReset = ConfReset;
    Interface->IdeHwControl = ConfControl;
    if (Channel->Number == CONF_DISK)
        ConfRegistryInit(Channel);
    CHECK(UNCACHED_PLACE, AtaPortGetUnCachedExtension(Channel, 4096, 0) == NULL);
    return TRUE;
}

static IDE_CHANNEL_STATE
ConfChannelEnabled(PVOID ControllerExtension, ULONG Channel)
{
    PCONF_CONTROLLER Controller = ControllerExtension;

    CHECK(ENABLED_ASKED, Controller == ConfController && Channel < CONF_CHANNELS &&
          Controller->Initialized == 0);
    Controller->Asked |= 1U << Channel;
    return Channel == CONF_DISABLED ? ChannelStateDisabled : ChannelStateEnabled;
}

static VOID
ConfResources(PCONF_CONTROLLER Controller, PIDE_MINIPORT_RESOURCES Resources)
{
    ULONG Seen = 0;
    ULONG i;

    for (i = 0; i < Resources->NumberOfAccessRanges; i++) {
        PIDE_ACCESS_RANGE Range = &Resources->IdeAccessRange[i];
        unsigned long long Start, Length;
        int Memory;

        CHECK(ADAPTER_RESOURCES, Range->Bar < 6 && !(Seen & 1U << Range->Bar));
        if (Range->Bar >= 6)
            continue;
        Seen |= 1U << Range->Bar;
        CHECK(ADAPTER_RESOURCES, conf_linux.bar(Range->Bar, &Start, &Length, &Memory) &&
              (ULONGLONG)Range->RangeStart.QuadPart == Start &&
              Range->PhysicalRangeStart.QuadPart == Range->RangeStart.QuadPart &&
              Range->RangeLength == Length && Range->InMemory == (Memory != 0));
        if (Range->InMemory)
            Controller->Memory = *Range;
        else
            Controller->Ports = *Range;
    }
    for (i = 0; i < 6; i++) {
        unsigned long long Start, Length;
        int Memory;

        if (!(Seen & 1U << i))
            CHECK(ADAPTER_RESOURCES, !conf_linux.bar((int)i, &Start, &Length, &Memory));
    }
}

static BOOLEAN
ConfAdapterStart(PCONF_CONTROLLER Controller, PIDE_CONTROLLER_CONFIGURATION Configuration)
{
    IDE_CONTROLLER_INTERFACE Interface;

    CHECK(INIT_COPIED, ConfZeroedInterface);
    CHECK(ADAPTER_ZEROED, ConfIsZero(Controller, sizeof(*Controller)));
    CHECK(ADAPTER_DEFAULTS, Configuration->Version == sizeof(*Configuration) &&
          Configuration->ControllerMode == IdeModeNormal &&
          IS_DEFAULT(Configuration->NumberOfPhysicalBreaks) &&
          IS_DEFAULT(Configuration->MaximumTransferLength));
    ConfController = Controller;
    conf_linux.attach(1);
    Controller->SyncWithIsr = TRUE;
    ConfResources(Controller, Configuration->ControllerResources);

    RtlZeroMemory(&Interface, sizeof(Interface));
    Interface.Version = sizeof(Interface);
    CHECK(INIT_LATE, AtaPortInitializeEx(ConfDriverObject, ConfRegistryPath, &Interface) != 0);
    ConfBusData(Controller);

    Configuration->NumberOfChannels = CONF_CHANNELS;
    Configuration->NumberOfPhysicalBreaks = CONF_BREAKS;
    Configuration->MaximumTransferLength = CONF_MAX_TRANSFER;
    Configuration->BusMaster = TRUE;
    Configuration->Dma64BitAddress = !conf_linux.dma32;
    Configuration->AtaBusType = IdeBusSata;
    return TRUE;
}

static BOOLEAN
ConfAdapterControl(PVOID ControllerExtension, IDE_CONTROL_ACTION Action, PVOID Parameters)
{
    PCONF_CONTROLLER Controller = ControllerExtension;

    switch (Action) {
    case IdeStart:
        return ConfAdapterStart(Controller, Parameters);
    case IdeStop:
        CHECK(STOP_ORDER, Controller->Stopped == Controller->Initialized);
        conf_linux.attach(0);
        ConfController = NULL;
        return TRUE;
    default:
        ConfSleep(Action == IdePowerDown ? 3 : 4);
        return TRUE;
    }
}

static VOID
ConfFill(PIDE_CONTROLLER_INTERFACE Interface)
{
    RtlZeroMemory(Interface, sizeof(*Interface));
    Interface->Version = sizeof(*Interface);
    Interface->ControllerExtensionSize = sizeof(CONF_CONTROLLER);
    Interface->ChannelExtensionSize = sizeof(CONF_CHANNEL);
    Interface->AlignmentMask = CONF_ALIGNMENT;
    Interface->AtaAdapterControl = ConfAdapterControl;
    Interface->AtaControllerChannelEnabled = ConfChannelEnabled;
    Interface->AtaChannelInitRoutine = ConfChannelInit;
}

unsigned int
conf_entry(void *driver_object, void *registry_path)
{
    IDE_CONTROLLER_INTERFACE Interface;
    ULONG Status;

    ConfDriverObject = driver_object;
    ConfRegistryPath = registry_path;
    ConfFill(&Interface);
    Interface.Version--;
    CHECK(INIT_VERSION, AtaPortInitializeEx(driver_object, registry_path, &Interface) != 0);
    Interface.Version += 9;
    CHECK(INIT_VERSION, AtaPortInitializeEx(driver_object, registry_path, &Interface) != 0);
    ConfFill(&Interface);
    Interface.AtaAdapterControl = NULL;
    CHECK(INIT_NO_CONTROL, AtaPortInitializeEx(driver_object, registry_path, &Interface) != 0);
    ConfFill(&Interface);
    Status = AtaPortInitializeEx(driver_object, registry_path, &Interface);
    CHECK(INIT_ACCEPTED, Status == STATUS_SUCCESS);
    CHECK(INIT_TWICE, AtaPortInitializeEx(driver_object, registry_path, &Interface) != 0);
    /* Whoever still looks at it comes to nothing. */
    RtlZeroMemory(&Interface, sizeof(Interface));
    ConfZeroedInterface = TRUE;
    return Status;
}

unsigned int
conf_state(unsigned int number)
{
    PIDE_REQUEST_BLOCK Irb;
    ULONG Count = 0;

    if (number == CONF_STATE_RANDOM)
        return ConfRandomState();
    if (number != CONF_STATE_HELD)
        return ConfStates[number];
    if (ConfChannels[CONF_DISK] != NULL)
        for (Irb = ConfChannels[CONF_DISK]->Held; Irb != NULL; Irb = Irb->NextIrb)
            Count++;
    return Count;
}

static BOOLEAN
ConfSame(const char *A, const char *B)
{
    while (*A && *A == *B) {
        A++;
        B++;
    }
    return *A == *B;
}

volatile BOOLEAN ConfStalling;

/* Returns all that the miniport has, which is nothing: what is issued meanwhile waits for the lock. */
static VOID
ConfAllLate(PVOID ChannelExtension)
{
    AtaPortStallExecution(800000);
    AtaPortCompleteAllActiveRequests(ChannelExtension, IDE_UNTAGGED, 0, IRB_STATUS_BUS_RESET);
    ConfStalling = FALSE;
}

/* Does nothing, but not soon. */
static VOID
ConfLongTimer(PVOID ChannelExtension)
{
    UNREFERENCED_PARAMETER(ChannelExtension);
}

static BOOLEAN
ConfQueueOrder(PCONF_CHANNEL Channel, const char *Name, ULONG A, ULONG B)
{
    if (ConfSame(Name, "busy"))
        AtaPortDeviceBusy(Channel, (UCHAR)A, 0, B);
    else if (ConfSame(Name, "ready"))
        AtaPortDeviceReady(Channel, (UCHAR)A, 0);
    else if (ConfSame(Name, "state"))
        AtaPortDeviceStateChange(Channel, (UCHAR)A, 0, B);
    else if (ConfSame(Name, "all")) {
        if (A == 0 || A == IDE_UNTAGGED)
            ConfForget(Channel);
        AtaPortCompleteAllActiveRequests(Channel, (UCHAR)A, 0, (UCHAR)B);
    } else if (ConfSame(Name, "all-late")) {
        ConfStalling = TRUE;
        AtaPortRequestTimer(Channel, ConfAllLate, A);
    } else if (ConfSame(Name, "hold"))
        Channel->Holding = A;
    else if (ConfSame(Name, "serve") || ConfSame(Name, "end")) {
        Channel->EndStatus = ConfSame(Name, "end") ? (UCHAR)A : IRB_STATUS_PENDING;
        AtaPortRequestSynchronizedRoutine(Channel, ConfEndHeld);
    } else if (ConfSame(Name, "timer"))
        AtaPortRequestTimer(Channel, ConfLongTimer, A);
    else if (ConfSame(Name, "depth"))
        Channel->Depth = A;
    else if (ConfSame(Name, "interrupt-ready"))
        Channel->ReadyInInterrupt = TRUE;
    else if (ConfSame(Name, "trick"))
        Channel->Trick = A;
    else if (ConfSame(Name, "deaf"))
        Channel->Deaf = A;
    else if (ConfSame(Name, "stale"))
        ConfCompleteStale(Channel);
    else
        return FALSE;
    return TRUE;
}

static BOOLEAN
ConfNotifyOrder(PCONF_CHANNEL Plug, PCONF_CHANNEL Disk, const char *Name, ULONG A)
{
    if (ConfSame(Name, "present"))
        Plug->Present = (BOOLEAN)A;
    else if (ConfSame(Name, "short-identify"))
        Plug->Short = (BOOLEAN)A;
    else if (ConfSame(Name, "modes"))
        Plug->Modes = A;
    else if (ConfSame(Name, "change"))
        AtaPortBusChangeDetected(Plug);
    else if (ConfSame(Name, "arrived"))
        AtaPortDeviceArrived(Plug, 0);
    else if (ConfSame(Name, "arrival"))
        AtaPortNotification(IdeDeviceArrival, Plug, (ULONG)A);
    else if (ConfSame(Name, "removed"))
        AtaPortDeviceRemoved(Plug, (UCHAR)A);
    else if (ConfSame(Name, "notification"))
        AtaPortNotification((IDE_NOTIFICATION_TYPE)A, Disk);
    else if (ConfSame(Name, "change-disk"))
        AtaPortBusChangeDetected(Disk);
    else if (ConfSame(Name, "power"))
        AtaPortRequestPowerStateChange(Disk, 0, 0, (IDE_POWER_STATE)A);
    else
        return FALSE;
    return TRUE;
}

int
conf_order(const char *name, unsigned int a, unsigned int b)
{
    PCONF_CHANNEL Disk = ConfChannels[CONF_DISK];
    PCONF_CHANNEL Plug = ConfChannels[CONF_PLUG];

    if (Disk == NULL || Plug == NULL)
        return 0;
    if (ConfQueueOrder(Disk, name, a, b) || ConfNotifyOrder(Plug, Disk, name, a))
        return 1;
    if (ConfSame(name, "utilities")) {
        ConfBusData(Disk);
        ConfDeviceBase(ConfController, Disk);
        ConfUtilities(Disk);
    } else if (ConfSame(name, "tags")) {
        ConfTags(Disk);
    } else if (ConfSame(name, "values")) {
        ConfValues(Disk);
    } else if (ConfSame(name, "accesses")) {
        ConfAccesses(Disk);
    } else if (ConfSame(name, "messages")) {
        ConfMessages(Disk, a);
    } else if (ConfSame(name, "callbacks")) {
        ConfCallbacks(Disk);
    } else if (ConfSame(name, "deferred")) {
        ConfRegistryDeferred(Disk);
    } else if (ConfSame(name, "elsewhere")) {
        ConfRegistryElsewhere(Disk);
    } else if (ConfSame(name, "random")) {
        ConfRandomStart(a, b);
    } else if (ConfSame(name, "random-more")) {
        ConfRandomMore(Disk, a);
    } else if (ConfSame(name, "interrupt")) {
        conf_linux.interrupt();
    } else {
        return 0;
    }
    return 1;
}
