// SPDX-License-Identifier: GPL-2.0-only
/*
 * Link power management: the public disk setting "HIPM/DIPM" (section 8.3).
 */
#include "ahci.h"

DEFINE_GUID(AhciGuidLinkPower, 0x0b2d69d7, 0xa2a1, 0x449c,
            0x96, 0x80, 0xf9, 0x1c, 0x70, 0x52, 0x1c, 0x60);

/* PxSCTL.IPM: transitions that the link must not make. */
#define SCTL_IPM_NO_PARTIAL     0x100
#define SCTL_IPM_NO_SLUMBER     0x200

VOID
AhciListPowerSettings(PAHCI_CHANNEL Channel, PIDE_CHANNEL_CONFIGURATION Configuration)
{
    PIDE_ADVANCED_CHANNEL_CONFIGURATION Advanced =
        Configuration->AdvancedChannelConfiguration;

    if (!Configuration->SupportedAdvances.AdvancedChannelConfigurationSupported ||
        Advanced == NULL || !Advanced->Present.VendorDefinedPower)
        return;
    if (!(Channel->Controller->Cap & CAP_SALP))
        return;
    Advanced->VendorDefinedPower.ValidGuids = 1;
    Advanced->VendorDefinedPower.Guid[0] = AhciGuidLinkPower;
}

/* The port runs: which events interrupt, and how the link may sleep. */
VOID
AhciApplyLinkPower(PAHCI_CHANNEL Channel)
{
    ULONG Cap = Channel->Controller->Cap;
    ULONG Ipm = SCTL_IPM_NONE;
    ULONG Cmd = Channel->Cmd & ~(CMD_ALPE | CMD_ASP);

    if (Channel->LinkPower != LINK_POWER_ACTIVE) {
        Ipm = 0;
        if (!(Cap & CAP_PSC))
            Ipm |= SCTL_IPM_NO_PARTIAL;
        if (!(Cap & CAP_SSC))
            Ipm |= SCTL_IPM_NO_SLUMBER;
        if (Channel->LinkPower != LINK_POWER_DIPM)
            Cmd |= CMD_ALPE;
        if (Channel->LinkPower == LINK_POWER_LOWEST)
            Cmd |= CMD_ASP;
    }
    if (Cmd != Channel->Cmd) {
        Channel->Cmd = Cmd;
        AhciWrite(Channel->Port, PORT_CMD, Cmd | CMD_ST);
    }
    if ((AhciRead(Channel->Port, PORT_SCTL) & SCTL_IPM_MASK) != Ipm)
        AhciWrite(Channel->Port, PORT_SCTL, Ipm);
    /*
     * 8.3.1.3: a link that wakes up would look like one that was plugged in. So do
     * those times that it has woken up until now.
     */
    if (Channel->LinkPower == LINK_POWER_ACTIVE)
        AhciWrite(Channel->Port, PORT_SERR, SERR_PHY_READY_CHANGE);
    AhciWrite(Channel->Port, PORT_IE, Channel->LinkPower == LINK_POWER_ACTIVE ?
              IS_WANTED : IS_WANTED & ~IS_PRCS);
}

static VOID
AhciLinkPowerSynchronized(PVOID ChannelExtension)
{
    PAHCI_CHANNEL Channel = ChannelExtension;

    Channel->LinkPower = Channel->LinkPowerWanted;
    if (Channel->State == PortReady)
        AhciApplyLinkPower(Channel);
}

BOOLEAN
AhciSetLinkPower(PAHCI_CHANNEL Channel, PIDE_VENDOR_DEFINED_POWER_INFO Info)
{
    if (Info == NULL || Info->Value == NULL || Info->ValueLength < sizeof(ULONG) ||
        !IsEqualGUID(&Info->SettingGuid, &AhciGuidLinkPower) ||
        !(Channel->Controller->Cap & CAP_SALP))
        return FALSE;
    Channel->LinkPowerWanted = *(PULONG)Info->Value;
    return AhciSynchronized(Channel, AhciLinkPowerSynchronized);
}
