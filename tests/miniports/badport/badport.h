/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bugs of badport and what its two source files share. The number of the
 * bug is what the test writes to the Cache Line Size register of the
 * controller's configuration space, which nothing else here looks at.
 */
#ifndef BADPORT_H
#define BADPORT_H

#include <miniport.h>
#include <ata.h>
#include <irb.h>

#define BAD_BUGS(_)                             \
    _(NONE, 0)                                  \
    /* AtaAdapterControl(IdeStart) */           \
    _(ZERO_CHANNELS, 1)                         \
    _(MANY_CHANNELS, 2)                         \
    _(ZERO_TRANSFER, 3)                         \
    _(SHORT_TRANSFER, 4)                        \
    _(ADAPTER_FALSE, 5)                         \
    _(LATE_INITIALIZE, 6)                       \
    _(NO_CHANNEL, 7)                            \
    /* AtaChannelInitRoutine */                 \
    _(INIT_FALSE, 10)                           \
    _(SECOND_INIT_FALSE, 11)                    \
    _(NULL_INITIALIZE, 12)                      \
    _(NULL_STARTIO, 13)                         \
    _(NULL_INTERRUPT, 14)                       \
    _(NULL_RESET, 15)                           \
    _(NULL_CONTROL, 16)                         \
    _(UNCACHED_EARLY, 17)                       \
    _(REGISTRY_KEPT, 18)                        \
    _(REGISTRY_ARGUMENTS, 19)                   \
    /* IdeHwControl(IdeStart), IdeStop */       \
    _(START_FALSE, 30)                          \
    _(SECOND_START_FALSE, 31)                   \
    _(OVERLAPPED_0, 32)                         \
    _(OVERLAPPED_200, 33)                       \
    _(OVERLAPPED_LATE, 34)                      \
    _(UNCACHED_TWICE, 35)                       \
    _(UNCACHED_ABSURD, 36)                      \
    _(UNCACHED_ABSURD_IRB, 37)                  \
    _(DEVICE_BASE, 38)                          \
    _(CONFIG_SPACE, 39)                         \
    _(TAG_TWICE, 40)                            \
    _(STOP_FALSE, 41)                           \
    _(ADAPTER_STOP_FALSE, 42)                   \
    _(STRAY_EXTENSION, 43)                      \
    _(BAD_CALLBACKS, 44)                        \
    _(BAD_NOTIFICATIONS, 45)                    \
    _(BAD_PAUSES, 46)                           \
    /* no bug: the port driver is just not ready */ \
    _(EARLY_NOTIFICATIONS, 47)                  \
    /* IdeHwInitialize */                       \
    _(INITIALIZE_FALSE, 50)                     \
    _(INITIALIZE_RAISES, 51)                    \
    /* requests; those from here on wait for the sector */ \
    _(COMPLETE_TWICE, 60)                       \
    _(COMPLETE_PENDING, 61)                     \
    _(COMPLETE_UNDEFINED, 62)                   \
    _(COMPLETE_FOREIGN, 63)                     \
    _(COMPLETE_WILD, 64)                        \
    _(BUSY_FOREVER, 65)                         \
    _(BUS_RESET_FOREVER, 66)                    \
    _(BUILD_ENDS, 67)                           \
    _(UNCACHED_LATE, 68)                        \
    _(REGISTRY_LATE, 69)                        \
    _(SENSE_FOR_DISK, 70)                       \
    _(SCRIBBLE, 71)                             \
    _(SYNC_FOREVER, 72)                         \
    _(COMPLETE_ALL_PENDING, 73)                 \
    _(FROM_INTERRUPT, 74)                       \
    _(LATE_COMPLETION, 75)                      \
    _(HANG, 76)                                 \
    _(DEAD, 77)                                 \
    _(RESET_FALSE, 78)                          \
    _(IDENTIFY_HANGS, 79)                       \
    /* power; the first two are no bugs */      \
    _(POWER_REQUEST, 80)                        \
    _(LINK_POWER, 81)                           \
    _(POWER_HANGS, 82)                          \
    _(POWER_NONSENSE, 83)                       \
    /* no bugs: pauses that meet a sleep, an error and a reset */ \
    _(PAUSE_ASLEEP, 84)                         \
    _(PAUSE_AFTER_ERROR, 85)                    \
    _(PAUSE_AFTER_RESET, 86)                    \
    /* no bug, but every kind of memory */      \
    _(NONE_MEMORY, 90)

#define BAD_ENUM(Name, Number)  BUG_##Name = Number,
enum { BAD_BUGS(BAD_ENUM) };

/* Arguments of AtaPortInitializeEx, for the call that comes too late. */
extern PVOID BadDriverObject;
extern PVOID BadRegistryPath;
extern IDE_CONTROLLER_INTERFACE BadInterface;

BOOLEAN BadAdapterControl(PVOID ControllerExtension, IDE_CONTROL_ACTION Action,
                          PVOID Parameters);
IDE_CHANNEL_STATE BadChannelEnabled(PVOID ControllerExtension, ULONG Channel);
BOOLEAN BadChannelInit(PVOID ChannelExtension, PIDE_CHANNEL_INTERFACE Interface,
                       PVOID ControllerExtension);
ULONG BadControllerSize(VOID);
ULONG BadChannelSize(VOID);

#endif
