// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registry values. What user space has set before the controller is bound:
 *
 *   Controller0\Dword, Controller0\Channel0\Dword     dword:0x12345678
 *   Controller0\Text, Controller0\Channel0\Text       sz:hello
 *   Controller0\Binary, Controller0\Channel0\Binary   hex:00,01,ff
 *   Controller0\Changed                               dword:2, built in as 1
 *
 * and what came with the build is in the Kbuild file.
 */
#include "conform.h"

typedef BOOLEAN (*CONF_ACCESS)(PVOID, UCHAR, PCHAR, UCHAR, PUCHAR, PULONG);

static BOOLEAN
ConfCtlRead(PVOID Ch, UCHAR N, PCHAR Name, UCHAR Type, PUCHAR Buffer, PULONG Length)
{
    return AtaPortRegistryControllerKeyRead(Ch, N, Name, Type, Buffer, Length);
}

static BOOLEAN
ConfChRead(PVOID Ch, UCHAR N, PCHAR Name, UCHAR Type, PUCHAR Buffer, PULONG Length)
{
    return AtaPortRegistryChannelSubkeyRead(Ch, N, Name, Type, Buffer, Length);
}

static BOOLEAN
ConfCtlWrite(PVOID Ch, UCHAR N, PCHAR Name, UCHAR Type, PUCHAR Buffer, PULONG Length)
{
    return AtaPortRegistryControllerKeyWrite(Ch, N, Name, Type, Buffer, Length);
}

static BOOLEAN
ConfChWrite(PVOID Ch, UCHAR N, PCHAR Name, UCHAR Type, PUCHAR Buffer, PULONG Length)
{
    return AtaPortRegistryChannelSubkeyWrite(Ch, N, Name, Type, Buffer, Length);
}

static BOOLEAN
ConfIs(PUCHAR Buffer, ULONG Length, const VOID *Wanted, ULONG WantedLength)
{
    return Length == WantedLength && RtlCompareMemory(Buffer, Wanted, Length) == Length;
}

static const ULONG ConfDword = 0x12345678;
static const WCHAR ConfText[] = { 'h', 'e', 'l', 'l', 'o', 0 };
static const UCHAR ConfBinary[] = { 0x00, 0x01, 0xff };

/* One value of each type, by names that differ in case. */
static BOOLEAN
ConfReadAll(PCONF_CHANNEL Channel, CONF_ACCESS Read)
{
    PUCHAR Buffer = Channel->Registry;
    ULONG Length = CONF_REGISTRY;

    if (!Read(Channel, 0, "DWORD", IDE_REG_DWORD, Buffer, &Length) ||
        !ConfIs(Buffer, Length, &ConfDword, sizeof(ConfDword)))
        return FALSE;
    Length = CONF_REGISTRY;
    if (!Read(Channel, 0, "text", IDE_REG_SZ, Buffer, &Length) ||
        !ConfIs(Buffer, Length, ConfText, sizeof(ConfText)))
        return FALSE;
    /* Not at the beginning of the buffer either. */
    Length = 16;
    return Read(Channel, 0, "bInArY", IDE_REG_BINARY, Buffer + 32, &Length) &&
           ConfIs(Buffer + 32, Length, ConfBinary, sizeof(ConfBinary));
}

static BOOLEAN
ConfWriteAll(PCONF_CHANNEL Channel, CONF_ACCESS Write, CONF_ACCESS Read)
{
    static const WCHAR Text[] = { 'n', 'e', 'w', 0 };
    static const UCHAR Binary[] = { 9, 8, 7, 6, 5 };
    /* Would be two values, and lose its blank, in the text form. */
    static const WCHAR Odd[] = { 'a', ';', 'b', ' ', 0 };
    static const ULONG Dword = 77;
    PUCHAR Buffer = Channel->Registry;
    ULONG Length;

    RtlCopyMemory(Buffer, &Dword, sizeof(Dword));
    Length = sizeof(Dword);
    if (!Write(Channel, 0, "WrittenDword", IDE_REG_DWORD, Buffer, &Length))
        return FALSE;
    RtlCopyMemory(Buffer, Text, sizeof(Text));
    Length = sizeof(Text);
    if (!Write(Channel, 0, "WrittenText", IDE_REG_SZ, Buffer, &Length))
        return FALSE;
    RtlCopyMemory(Buffer, Odd, sizeof(Odd));
    Length = sizeof(Odd);
    if (!Write(Channel, 0, "WrittenOdd", IDE_REG_SZ, Buffer, &Length))
        return FALSE;
    RtlCopyMemory(Buffer, Binary, sizeof(Binary));
    Length = sizeof(Binary);
    if (!Write(Channel, 0, "WrittenBinary", IDE_REG_BINARY, Buffer, &Length))
        return FALSE;

    Length = CONF_REGISTRY;
    if (!Read(Channel, 0, "writtendword", IDE_REG_DWORD, Buffer, &Length) ||
        !ConfIs(Buffer, Length, &Dword, sizeof(Dword)))
        return FALSE;
    Length = CONF_REGISTRY;
    if (!Read(Channel, 0, "writtentext", IDE_REG_SZ, Buffer, &Length) ||
        !ConfIs(Buffer, Length, Text, sizeof(Text)))
        return FALSE;
    Length = CONF_REGISTRY;
    return Read(Channel, 0, "writtenbinary", IDE_REG_BINARY, Buffer, &Length) &&
           ConfIs(Buffer, Length, Binary, sizeof(Binary));
}

static VOID
ConfRefusals(PCONF_CHANNEL Channel)
{
    PUCHAR Buffer = Channel->Registry;
    ULONG Own = 0;
    ULONG Length;

    Length = 3;
    CHECK(REG_READ_SMALL, !AtaPortRegistryRead(Channel, 0, FALSE, "Dword", IDE_REG_DWORD, Buffer,
                                               &Length) && Length == 4);
    Length = 2;
    CHECK(REG_READ_SMALL, !AtaPortRegistryRead(Channel, 0, TRUE, "Text", IDE_REG_SZ, Buffer,
                                               &Length) && Length == sizeof(ConfText));
    Length = CONF_REGISTRY;
    CHECK(REG_READ_TYPE, !AtaPortRegistryRead(Channel, 0, FALSE, "Dword", IDE_REG_SZ, Buffer,
                                              &Length));
    Length = CONF_REGISTRY;
    CHECK(REG_READ_TYPE, !AtaPortRegistryRead(Channel, 0, FALSE, "NoSuchValue", IDE_REG_DWORD,
                                              Buffer, &Length));
    Length = CONF_REGISTRY;
    CHECK(REG_READ_TYPE, !AtaPortRegistryRead(Channel, 1, FALSE, "Dword", IDE_REG_DWORD,
                                              Buffer, &Length));
    Length = sizeof(Own);
    CHECK(REG_READ_PLACE, !AtaPortRegistryRead(Channel, 0, FALSE, "Dword", IDE_REG_DWORD,
                                               (PUCHAR)&Own, &Length));
    CHECK(REG_WRITE_PLACE, !AtaPortRegistryWrite(Channel, 0, FALSE, "Dword", IDE_REG_DWORD,
                                                 (PUCHAR)&Own, &Length));
}

/* In AtaChannelInitRoutine. */
VOID
ConfRegistryInit(PCONF_CHANNEL Channel)
{
    PUCHAR Buffer = AtaPortRegistryAllocateBuffer(Channel, 2 * CONF_REGISTRY);
    ULONG Zero = 0;
    ULONG Length;
    ULONG i;

    CHECK(REG_ALLOC, Buffer != NULL);
    if (Buffer == NULL)
        return;
    for (i = 0; i < 2 * CONF_REGISTRY; i++)
        Zero |= Buffer[i];
    CHECK(REG_ALLOC, Zero == 0);
    CHECK(REG_ALLOC, AtaPortRegistryAllocateBuffer(Channel, 16) == NULL);
    Channel->Registry = Buffer;
    CHECK(REG_CTL_READ, ConfReadAll(Channel, ConfCtlRead));
    CHECK(REG_CH_READ, ConfReadAll(Channel, ConfChRead));
    CHECK(REG_CTL_WRITE, ConfWriteAll(Channel, ConfCtlWrite, ConfCtlRead));
    CHECK(REG_CH_WRITE, ConfWriteAll(Channel, ConfChWrite, ConfChRead));
    ConfRefusals(Channel);
    Length = CONF_REGISTRY + 1;
    CHECK(REG_WRITE_BIG, !AtaPortRegistryWrite(Channel, 0, FALSE, "Big", IDE_REG_BINARY, Buffer,
                                               &Length));
    CHECK(REG_WRITE_BIG, !AtaPortRegistryWriteDeferred(Channel, 0, FALSE, "Big", IDE_REG_BINARY, Buffer,
                                                       &Length));
    Length = CONF_REGISTRY;
    CHECK(REG_WRITE_BIG, AtaPortRegistryWrite(Channel, 0, FALSE, "Large", IDE_REG_BINARY, Buffer,
                                              &Length));
    Length = CONF_REGISTRY;
    CHECK(REG_WRITE_BIG, AtaPortRegistryWrite(Channel, 0, FALSE, "Larger", IDE_REG_BINARY, Buffer,
                                              &Length));
    Length = 4;
    CHECK(REG_WRITE_PLACE, !AtaPortRegistryWrite(Channel, 0, FALSE, "a;b", IDE_REG_DWORD, Buffer,
                                                 &Length));
    /* Shorter than what it says it is, or nothing that there is. */
    Length = 3;
    CHECK(REG_WRITE_TYPE, !AtaPortRegistryWrite(Channel, 0, FALSE, "Short", IDE_REG_DWORD, Buffer,
                                                &Length));
    CHECK(REG_WRITE_TYPE, !AtaPortRegistryWriteDeferred(Channel, 0, FALSE, "Short", IDE_REG_DWORD,
                                                        Buffer, &Length));
    Length = 4;
    CHECK(REG_WRITE_TYPE, !AtaPortRegistryWrite(Channel, 0, FALSE, "Strange", 2, Buffer, &Length));
    Length = CONF_REGISTRY;
    CHECK(REG_DEFAULTS, AtaPortRegistryRead(Channel, 0, FALSE, "Built", IDE_REG_DWORD, Buffer,
                                            &Length) && Length == 4 && *(PULONG)Buffer == 7);
    Length = CONF_REGISTRY;
    CHECK(REG_DEFAULTS, AtaPortRegistryRead(Channel, 0, FALSE, "Changed", IDE_REG_DWORD, Buffer,
                                            &Length) && Length == 4 && *(PULONG)Buffer == 2);
    Length = CONF_REGISTRY;
    if (AtaPortRegistryRead(Channel, 0, FALSE, "SyncWithIsr", IDE_REG_DWORD, Buffer, &Length))
        ConfController->SyncWithIsr = *(PULONG)Buffer != 0;

    AtaPortRegistryFreeBuffer(Channel, Buffer);
    Buffer = AtaPortRegistryAllocateBuffer(Channel, 16);
    CHECK(REG_FREE, Buffer != NULL);
    AtaPortRegistryFreeBuffer(Channel, Buffer);
    Channel->Registry = NULL;
}

/* In IdeHwControl(IdeStart): a buffer that stays until IdeStop. */
VOID
ConfRegistryStart(PCONF_CHANNEL Channel)
{
    ULONG Length = CONF_REGISTRY;

    Channel->Registry = AtaPortRegistryAllocateBuffer(Channel, CONF_REGISTRY);
    CHECK(REG_ALLOC, Channel->Registry != NULL);
    if (Channel->Registry == NULL)
        return;
    CHECK(REG_CTL_READ, AtaPortRegistryControllerKeyRead(Channel, 0, "Dword", IDE_REG_DWORD,
                                                         Channel->Registry, &Length));
    /* Nobody has asked for these before. */
    Length = CONF_REGISTRY;
    CHECK(REG_DEFERRED_ANY, !AtaPortRegistryChannelSubkeyRead(Channel, 0, "Late", IDE_REG_DWORD,
                                                              Channel->Registry, &Length) ||
          *(PULONG)Channel->Registry == 5);
}

static VOID
ConfDeferredSync(PVOID ChannelExtension)
{
    PCONF_CHANNEL Channel = ChannelExtension;
    ULONG Length = 4;

    *(PULONG)Channel->Registry = 5;
    CHECK(REG_DEFERRED_ANY,
          AtaPortRegistryWriteDeferred(Channel, 0, TRUE, "Late", IDE_REG_DWORD, Channel->Registry,
                                       &Length));
}

/* From nowhere special, and from under the interrupt lock. */
VOID
ConfRegistryDeferred(PCONF_CHANNEL Channel)
{
    ULONG Length = 4;

    if (Channel->Registry == NULL)
        return;
    *(PULONG)(Channel->Registry + 16) = 6;
    CHECK(REG_CTL_DEFERRED, AtaPortRegistryControllerKeyWriteDeferred(Channel, 0, "LateToo",
                            IDE_REG_DWORD, Channel->Registry + 16, &Length));
    *(PULONG)(Channel->Registry + 32) = 7;
    CHECK(REG_CH_DEFERRED, AtaPortRegistryChannelSubkeyWriteDeferred(Channel, 0, "LateAlso",
                           IDE_REG_DWORD, Channel->Registry + 32, &Length));
    AtaPortRequestSynchronizedRoutine(Channel, ConfDeferredSync);
}

/* Neither AtaChannelInitRoutine nor IdeHwControl: all is refused. */
VOID
ConfRegistryElsewhere(PCONF_CHANNEL Channel)
{
    ULONG Length = 4;

    if (Channel->Registry == NULL)
        return;
    CHECK(REG_READ_PLACE, !AtaPortRegistryRead(Channel, 0, FALSE, "Dword", IDE_REG_DWORD,
                                               Channel->Registry, &Length));
    CHECK(REG_WRITE_PLACE, !AtaPortRegistryWrite(Channel, 0, FALSE, "Dword", IDE_REG_DWORD,
                                                 Channel->Registry, &Length));
    CHECK(REG_ALLOC_PLACE, AtaPortRegistryAllocateBuffer(Channel, 16) == NULL);
    AtaPortRegistryFreeBuffer(Channel, Channel->Registry);
}

static BOOLEAN
ConfReadDword(PCONF_CHANNEL Channel, BOOLEAN Sub, PCHAR Name, PUCHAR Buffer, ULONG Wanted)
{
    ULONG Length = 4;

    return AtaPortRegistryRead(Channel, 0, Sub, Name, IDE_REG_DWORD, Buffer, &Length) &&
           *(PULONG)Buffer == Wanted;
}

/* In IdeHwControl(IdeStop). */
VOID
ConfRegistryStop(PCONF_CHANNEL Channel)
{
    BOOLEAN Deferred;
    PUCHAR Buffer;

    if (Channel->Registry == NULL)
        return;
    Deferred = *(PULONG)(Channel->Registry + 16) == 6;
    if (Deferred) {
        CHECK(REG_CTL_DEFERRED, !ConfReadDword(Channel, FALSE, "LateToo", Channel->Registry + 64, 6));
        CHECK(REG_CH_DEFERRED, !ConfReadDword(Channel, TRUE, "LateAlso", Channel->Registry + 64, 7));
    }
    AtaPortRegistryFreeBuffer(Channel, Channel->Registry);
    Channel->Registry = NULL;
    if (!Deferred)
        return;
    Buffer = AtaPortRegistryAllocateBuffer(Channel, 64);
    CHECK(REG_FREE, Buffer != NULL);
    if (Buffer == NULL)
        return;
    CHECK(REG_CTL_DEFERRED, ConfReadDword(Channel, FALSE, "LateToo", Buffer, 6));
    CHECK(REG_CH_DEFERRED, ConfReadDword(Channel, TRUE, "LateAlso", Buffer, 7));
    CHECK(REG_DEFERRED_ANY, ConfReadDword(Channel, TRUE, "Late", Buffer, 5));
    AtaPortRegistryFreeBuffer(Channel, Buffer);
}
