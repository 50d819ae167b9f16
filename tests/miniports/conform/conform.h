/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The miniport's own. Channel 0 has a disk, channel 1 a CD drive without a
 * medium, channel 2 is disabled, channel 3 has a disk that comes and goes. All
 * of it is memory; the controller is only touched by the checks of accessors.
 */
#ifndef _CONFORM_H_
#define _CONFORM_H_

#include <miniport.h>
#include <ata.h>
#include <irb.h>

#include "halves.h"

#define CONF_CHANNELS       4
#define CONF_DISK           0
#define CONF_CD             1
#define CONF_DISABLED       2
#define CONF_PLUG           3

#define CONF_SECTORS        8192
/* Reading it wakes the trick of the moment. */
#define CONF_TRICK_SECTOR   2048
/* Reads from here on are held while that is ordered. */
#define CONF_HOLD_SECTOR    4096
#define CONF_BREAKS         7
#define CONF_MAX_TRANSFER   (64 * 1024)
#define CONF_DEPTH          4
#define CONF_EXTENSION      256
#define CONF_UNCACHED       5000
#define CONF_REGISTRY       1024
#define CONF_BUILT          0x77
/* More than libata asks for by itself, which is a sector. */
#define CONF_ALIGNMENT      0x3ff

enum {
    TRICK_NONE,
    TRICK_TWICE,
    TRICK_PENDING,
    TRICK_FOREIGN,
    TRICK_BUILD_ENDS,
    TRICK_BUILD_CALLS,
    TRICK_INTERRUPT,
    TRICK_LATE,
    TRICK_BUSY,
    TRICK_BUSY_ALWAYS,
    TRICK_SHORT,
    TRICK_BUILD_BUSY
};

/* What a channel does to the next LUN reset, and to the IdeHwReset that follows. */
enum {
    DEAF_NOT,
    DEAF_FAILS,     /* the LUN reset fails, the reset leaves requests outstanding */
    DEAF_SILENT     /* the LUN reset does not come back by itself */
};

typedef struct _CONF_CHANNEL {
    PVOID               Zero[8];    /* first, to be seen zeroed */
    UCHAR               Number;
    BOOLEAN             Started;
    BOOLEAN             Stopping;
    BOOLEAN             Present;
    BOOLEAN             SenseReady;
    BOOLEAN             Busy;       /* is still starting: requests have to wait */
    BOOLEAN             ReadyInInterrupt;
    BOOLEAN             Short;      /* IDENTIFY brings nothing */
    ULONG               Deaf;
    ULONG               Trick;
    ULONG               Holding;
    UCHAR               EndStatus;  /* of what is held, PENDING to serve it */
    ULONG               Depth;      /* what IdeHwInitialize answers, 0 for the usual */
    ULONG               Modes;
    PUCHAR              Uncached;
    PUCHAR              Registry;
    PIDE_REQUEST_BLOCK  Held;       /* list by NextIrb */
    PIDE_REQUEST_BLOCK  Kept;
    PIDE_REQUEST_BLOCK  Early;      /* list of those that came while Busy */
    PIDE_REQUEST_BLOCK  Stale;      /* taken back by a reset */
    IDE_REQUEST_BLOCK   Foreign;
    UCHAR               Data[CONF_SECTORS * 512];
} CONF_CHANNEL, *PCONF_CHANNEL;

typedef struct _CONF_CONTROLLER {
    PVOID               Zero[8];
    ULONG               Asked;      /* channels, bits */
    ULONG               Initialized;
    ULONG               Stopped;
    BOOLEAN             SyncWithIsr;
    IDE_ACCESS_RANGE    Memory;
    IDE_ACCESS_RANGE    Ports;
} CONF_CONTROLLER, *PCONF_CONTROLLER;

extern PCONF_CONTROLLER ConfController;
extern PCONF_CHANNEL ConfChannels[CONF_CHANNELS];
extern ULONG ConfStates[CONF_NR_STATES];
extern volatile LONG ConfRandomLeft;
/* The interrupt lock is held for longer than whoever asks for it waits. */
extern volatile BOOLEAN ConfStalling;
extern PVOID ConfDriverObject, ConfRegistryPath;

/* Not an address of anything: following it is an oops. */
#define CONF_NOWHERE        ((PVOID)(ULONG_PTR)0xdead00000badf00dULL)

/* While calls are made at random no rule is checked. */
#define CHECK(Rule, Condition) \
    do { \
        BOOLEAN Holds = (Condition) ? TRUE : FALSE; \
        if (ConfRandomLeft <= 0) \
            conf_linux.check(CONF_##Rule, Holds, __FILE__, __LINE__); \
    } while (0)

/* entry.c */
VOID ConfSleep(ULONG Step);

/* disk.c */
BOOLEAN ConfBuildIo(PVOID ChannelExtension, PIDE_REQUEST_BLOCK Irb);
BOOLEAN ConfStartIo(PVOID ChannelExtension, PIDE_REQUEST_BLOCK Irb);
BOOLEAN ConfInterrupt(PVOID ChannelExtension);
BOOLEAN ConfReset(PVOID ChannelExtension);
BOOLEAN ConfInitialize(PVOID ChannelExtension, PIDE_DEVICE_PARAMETERS Parameters,
                       PIDENTIFY_DEVICE_DATA Identify);
VOID ConfEndHeld(PVOID ChannelExtension);
VOID ConfServeEarly(PVOID ChannelExtension);
VOID ConfCompleteStale(PCONF_CHANNEL Channel);
VOID ConfForget(PCONF_CHANNEL Channel);

/* registry.c */
VOID ConfRegistryInit(PCONF_CHANNEL Channel);
VOID ConfRegistryStart(PCONF_CHANNEL Channel);
VOID ConfRegistryDeferred(PCONF_CHANNEL Channel);
VOID ConfRegistryElsewhere(PCONF_CHANNEL Channel);
VOID ConfRegistryStop(PCONF_CHANNEL Channel);

/* routines.c */
VOID ConfBusData(PVOID Extension);
VOID ConfDeviceBase(PVOID Controller, PVOID Channel);
VOID ConfUtilities(PCONF_CHANNEL Channel);
VOID ConfMemory(PCONF_CHANNEL Channel);
VOID ConfTags(PCONF_CHANNEL Channel);
VOID ConfValues(PCONF_CHANNEL Channel);
VOID ConfAccesses(PCONF_CHANNEL Channel);
VOID ConfMessages(PCONF_CHANNEL Channel, ULONG Number);

/* random.c */
VOID ConfRandom(PVOID Channel, ULONG Calls, BOOLEAN Locked);
VOID ConfRandomSee(PIDE_REQUEST_BLOCK Irb);
VOID ConfRandomStart(ULONG Seed, ULONG Calls);
VOID ConfRandomMore(PCONF_CHANNEL Channel, ULONG Rounds);
ULONG ConfRandomState(VOID);

/* callbacks.c */
VOID ConfCallbacks(PCONF_CHANNEL Channel);
VOID ConfBuildSync(PCONF_CHANNEL Channel);
VOID ConfCallbacksStopped(PCONF_CHANNEL Channel);

#endif
