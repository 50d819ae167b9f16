// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bus master.
 */
#include "ide.h"

#define BOUNDARY                0x10000

/* Where in the IRB extension the table is: not across a boundary of 64 KiB. */
static PIDE_PRD
IdeDmaTable(PIDE_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb, PULONG Address)
{
    PUCHAR Table = Irb->IrbExtension;
    ULONG Length, Offset;

    *Address = AtaPortGetPhysicalAddress(Channel, Irb, Table, &Length).LowPart;
    Offset = *Address & (BOUNDARY - 1);
    if (Offset + IDE_TABLE_SIZE > BOUNDARY) {
        Table += BOUNDARY - Offset;
        *Address += BOUNDARY - Offset;
    }
    return (PIDE_PRD)Table;
}

/*
 * Fill the table and tell the bus master where it is. FALSE for memory that
 * it cannot reach, which is for nobody to ask of it: odd addresses and lengths.
 */
BOOLEAN
IdeDmaPrepare(PIDE_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    PIDE_SCATTER_GATHER_LIST List = AtaPortGetScatterGatherList(Channel, Irb);
    ULONG i, Regions = 0, TableAddress;
    PIDE_PRD Table;

    if (List == NULL || List->NumberOfElements == 0)
        return FALSE;
    Table = IdeDmaTable(Channel, Irb, &TableAddress);
    for (i = 0; i < List->NumberOfElements; i++) {
        ULONGLONG Address = List->Elements[i].Address.QuadPart;
        ULONG Left = List->Elements[i].Length;

        if ((Address | Left) & 1 || (Address + Left - 1) >> 32)
            return FALSE;
        while (Left != 0) {
            ULONG Part = min(Left, BOUNDARY - (ULONG)(Address & (BOUNDARY - 1)));

            if (Regions == IDE_MAX_REGIONS)
                return FALSE;
            Table[Regions].Address = (ULONG)Address;
            Table[Regions].Length = Part & (BOUNDARY - 1);
            Regions++;
            Address += Part;
            Left -= Part;
        }
    }
    Table[Regions - 1].Length |= PRD_LAST;

    AtaPortWritePortUlong((PULONG)(Channel->BusMaster + BM_TABLE), TableAddress);
    AtaPortWritePortUchar(Channel->BusMaster + BM_COMMAND,
                          Irb->IrbFlags & IRB_FLAGS_DATA_IN ? BM_TO_MEMORY : 0);
    IdeDmaAcknowledge(Channel);
    return TRUE;
}

/* After the command: the bus master must not wait for a device that is not asked. */
VOID
IdeDmaStart(PIDE_CHANNEL Channel)
{
    AtaPortWritePortUchar(Channel->BusMaster + BM_COMMAND, BM_START |
                          (Channel->Irb->IrbFlags & IRB_FLAGS_DATA_IN ? BM_TO_MEMORY : 0));
}

/* FALSE if the bus master met an error of the bus. */
BOOLEAN
IdeDmaStop(PIDE_CHANNEL Channel)
{
    UCHAR Status = AtaPortReadPortUchar(Channel->BusMaster + BM_STATUS);

    AtaPortWritePortUchar(Channel->BusMaster + BM_COMMAND, 0);
    IdeDmaAcknowledge(Channel);
    return !(Status & BM_ERROR);
}

/* Has the device interrupted since the last IdeDmaAcknowledge? */
BOOLEAN
IdeDmaInterrupt(PIDE_CHANNEL Channel)
{
    return (AtaPortReadPortUchar(Channel->BusMaster + BM_STATUS) & BM_INTERRUPT) != 0;
}

VOID
IdeDmaAcknowledge(PIDE_CHANNEL Channel)
{
    if (Channel->BusMaster != NULL)
        AtaPortWritePortUchar(Channel->BusMaster + BM_STATUS,
                              Channel->Capable | BM_INTERRUPT | BM_ERROR);
}
