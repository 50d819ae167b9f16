// SPDX-License-Identifier: GPL-2.0-only
/*
 * Power of an AHCI channel: sleep and wake of its port, and link power
 * management (8.3), which the port driver controls by two public power settings.
 */
#include "ahci.h"

/* AHCI link power management: who may put the link to sleep */
static const GUID AhciGuidLinkPower = {
    0x0b2d69d7, 0xa2a1, 0x449c, { 0x96, 0x80, 0xf9, 0x1c, 0x70, 0x52, 0x1c, 0x60 }
};

/* AHCI link power management, adaptive: milliseconds from partial to slumber */
static const GUID AhciGuidLinkAdaptive = {
    0xdab60367, 0x53fe, 0x4fbc, { 0x82, 0x5e, 0x52, 0x1d, 0x06, 0x9d, 0x24, 0x56 }
};

/* Values of the first setting */
#define LINK_POWER_ACTIVE           0
#define LINK_POWER_HIPM             1
#define LINK_POWER_HIPM_DIPM        2
#define LINK_POWER_DIPM             3
#define LINK_POWER_LOWEST           4

VOID AhciListPowerSettings(PAHCI_CHANNEL Channel, PIDE_CHANNEL_CONFIGURATION Configuration)
{
    PIDE_ADVANCED_CHANNEL_CONFIGURATION Advanced = Configuration->AdvancedChannelConfiguration;
    ULONG Cap = Channel->Controller->Cap;

    if (!Configuration->SupportedAdvances.AdvancedChannelConfigurationSupported ||
        Advanced == NULL || Advanced->Length < sizeof(*Advanced) ||
        !Advanced->Present.VendorDefinedPower) {
        return;
    }
    if (!(Cap & (CAP_SALP | CAP_PSC | CAP_SSC))) {
        return;
    }
    Advanced->VendorDefinedPower.Guid[0] = AhciGuidLinkPower;
    Advanced->VendorDefinedPower.Guid[1] = AhciGuidLinkAdaptive;
    Advanced->VendorDefinedPower.ValidGuids = 2;
}

/*
 * At DIRQL: bring the setting to the port, which is running.  The HBA puts the
 * link to partial or slumber by itself when PxCMD.ALPE is set; the device may
 * do so when PxSCTL.IPM does not forbid it.  Every such step changes PhyRdy,
 * which must not interrupt then (8.3.1.3).
 */
VOID AhciApplyLinkPower(PVOID ChannelExtension)
{
    PAHCI_CHANNEL Channel = ChannelExtension;
    PAHCI_PORT_REGISTERS Port = Channel->Port;
    ULONG Cap = Channel->Controller->Cap;
    ULONG Cmd, Sctl;
    BOOLEAN Host, Slumber;

    if (Channel->State != AhciRunning) {
        return;             /* AhciRun does it */
    }

    Host = (Cap & CAP_SALP) && Channel->LinkPower != LINK_POWER_ACTIVE &&
           Channel->LinkPower != LINK_POWER_DIPM;
    Slumber = Channel->LinkPower >= LINK_POWER_DIPM || Channel->LinkAdaptive != 0;

    Sctl = AhciRead(Port->Sctl) & ~(PXSCTL_IPM | PXSCTL_DET);
    if (Channel->LinkPower == LINK_POWER_ACTIVE || !(Cap & CAP_PSC)) {
        Sctl |= PXSCTL_NO_PARTIAL;
    }
    if (Channel->LinkPower == LINK_POWER_ACTIVE || !(Cap & CAP_SSC) ||
        (Channel->LinkPower == LINK_POWER_HIPM && !Slumber)) {
        Sctl |= PXSCTL_NO_SLUMBER;
    }
    if (Channel->Controller->Cap2 & CAP2_SDS) {
        Sctl |= PXSCTL_NO_DEVSLEEP;
    }

    Cmd = AhciRead(Port->Cmd) & ~(PXCMD_ICC | PXCMD_ALPE | PXCMD_ASP);
    if (Host) {
        Cmd |= PXCMD_ALPE;
        if (Slumber && (Cap & CAP_SSC)) {
            Cmd |= PXCMD_ASP;
        }
    } else {
        Cmd |= PXCMD_ICC_ACTIVE;
    }

    Channel->InterruptEnable = PXIS_ENABLED;
    if (Channel->LinkPower != LINK_POWER_ACTIVE) {
        Channel->InterruptEnable &= ~PXIS_PRCS;
    }
    AhciWrite(Port->Ie, Channel->InterruptEnable);
    AhciWrite(Port->Cmd, Cmd);
    AhciWrite(Port->Sctl, Sctl);
}

static BOOLEAN AhciSameGuid(const GUID *First, const GUID *Second)
{
    return RtlCompareMemory(First, Second, sizeof(GUID)) == sizeof(GUID);
}

BOOLEAN AhciChangePower(PAHCI_CHANNEL Channel, PIDE_VENDOR_DEFINED_POWER_INFO Info)
{
    ULONG Value;

    if (Info->Value == NULL || Info->ValueLength < sizeof(ULONG)) {
        return FALSE;
    }
    Value = *(PULONG)Info->Value;

    if (AhciSameGuid(&Info->SettingGuid, &AhciGuidLinkPower)) {
        if (Value > LINK_POWER_LOWEST) {
            return FALSE;
        }
        Channel->LinkPower = Value;
    } else if (AhciSameGuid(&Info->SettingGuid, &AhciGuidLinkAdaptive)) {
        Channel->LinkAdaptive = Value;
    } else {
        return FALSE;
    }
    return AtaPortRequestSynchronizedRoutine(Channel, AhciApplyLinkPower);
}

static VOID AhciSleep(PVOID ChannelExtension)
{
    PAHCI_CHANNEL Channel = ChannelExtension;
    PAHCI_PORT_REGISTERS Port = Channel->Port;

    AhciQuiesce(Channel, AhciStopped);
    AhciStopEngineNow(Channel, AHCI_SHORT_STALL);
    AhciWrite(Port->Cmd, AhciRead(Port->Cmd) & ~PXCMD_FRE);
}

static VOID AhciWake(PVOID ChannelExtension)
{
    AhciBegin(ChannelExtension);
}

/* The port driver has seen to it that no command is out. */
BOOLEAN AhciPowerDown(PAHCI_CHANNEL Channel)
{
    return AtaPortRequestSynchronizedRoutine(Channel, AhciSleep);
}

/* Addresses, COMRESET and all: a port that slept remembers nothing. */
BOOLEAN AhciPowerUp(PAHCI_CHANNEL Channel)
{
    return AtaPortRequestSynchronizedRoutine(Channel, AhciWake);
}
