/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a device on an ATA channel says and is told: commands, registers, logs,
 * and the data of the two IDENTIFY commands.  irb.h includes it; like irb.h it
 * is read by miniports and by the port driver, and asserted row by row against
 * the tables in tests/tables by tests/contract.
 */
#ifndef _ATA_H_
#define _ATA_H_

#include "ntdef.h"

/* Packet commands that need care on old devices */
#define ATAPI_MODE_SENSE	0x5a
#define ATAPI_MODE_SELECT	0x55
#define ATAPI_LS120_FORMAT_UNIT	0x24

/* Device register: address is an LBA */
#define IDE_LBA_MODE	0x40

/* Device control register */
#define IDE_DC_DISABLE_INTERRUPTS	0x2
#define IDE_DC_RESET_CONTROLLER		0x4
#define IDE_DC_REENABLE_CONTROLLER	0x0

/* Status register */
#define IDE_STATUS_ERROR		0x1
#define IDE_STATUS_INDEX		0x2
#define IDE_STATUS_CORRECTED_ERROR	0x4
#define IDE_STATUS_DRQ			0x8
#define IDE_STATUS_DSC			0x10
#define IDE_STATUS_DEVICE_FAULT		0x20
#define IDE_STATUS_DRDY			0x40
#define IDE_STATUS_IDLE			0x50
#define IDE_STATUS_BUSY			0x80

/* Error register; one bit may mean different things to different commands */
#define IDE_ERROR_BAD_BLOCK		0x80
#define IDE_ERROR_CRC_ERROR		0x80
#define IDE_ERROR_DATA_ERROR		0x40
#define IDE_ERROR_MEDIA_CHANGE		0x20
#define IDE_ERROR_ID_NOT_FOUND		0x10
#define IDE_ERROR_MEDIA_CHANGE_REQ	0x8
#define IDE_ERROR_COMMAND_ABORTED	0x4
#define IDE_ERROR_END_OF_MEDIA		0x2
#define IDE_ERROR_ILLEGAL_LENGTH	0x1
#define IDE_ERROR_ADDRESS_NOT_FOUND	0x1

/* Commands */
#define IDE_COMMAND_NOP				0x0
#define IDE_COMMAND_DATA_SET_MANAGEMENT		0x6
#define IDE_COMMAND_ATAPI_RESET			0x8
#define IDE_COMMAND_GET_PHYSICAL_ELEMENT_STATUS	0x12
#define IDE_COMMAND_READ			0x20
#define IDE_COMMAND_READ_EXT			0x24
#define IDE_COMMAND_READ_DMA_EXT		0x25
#define IDE_COMMAND_READ_DMA_QUEUED_EXT		0x26
#define IDE_COMMAND_READ_MULTIPLE_EXT		0x29
#define IDE_COMMAND_READ_LOG_EXT		0x2f
#define IDE_COMMAND_WRITE			0x30
#define IDE_COMMAND_WRITE_EXT			0x34
#define IDE_COMMAND_WRITE_DMA_EXT		0x35
#define IDE_COMMAND_WRITE_DMA_QUEUED_EXT	0x36
#define IDE_COMMAND_WRITE_MULTIPLE_EXT		0x39
#define IDE_COMMAND_WRITE_DMA_FUA_EXT		0x3d
#define IDE_COMMAND_WRITE_DMA_QUEUED_FUA_EXT	0x3e
#define IDE_COMMAND_WRITE_LOG_EXT		0x3f
#define IDE_COMMAND_VERIFY			0x40
#define IDE_COMMAND_VERIFY_EXT			0x42
#define IDE_COMMAND_ZAC_MANAGEMENT_IN		0x4a
#define IDE_COMMAND_WRITE_LOG_DMA_EXT		0x57
#define IDE_COMMAND_TRUSTED_NON_DATA		0x5b
#define IDE_COMMAND_TRUSTED_RECEIVE		0x5c
#define IDE_COMMAND_TRUSTED_RECEIVE_DMA		0x5d
#define IDE_COMMAND_TRUSTED_SEND		0x5e
#define IDE_COMMAND_TRUSTED_SEND_DMA		0x5f
#define IDE_COMMAND_READ_FPDMA_QUEUED		0x60
#define IDE_COMMAND_WRITE_FPDMA_QUEUED		0x61
#define IDE_COMMAND_NCQ_NON_DATA		0x63
#define IDE_COMMAND_SEND_FPDMA_QUEUED		0x64
#define IDE_COMMAND_RECEIVE_FPDMA_QUEUED	0x65
#define IDE_COMMAND_SET_DATE_AND_TIME		0x77
#define IDE_COMMAND_REMOVE_ELEMENT_AND_TRUNCATE	0x7c
#define IDE_COMMAND_EXECUTE_DEVICE_DIAGNOSTIC	0x90
#define IDE_COMMAND_SET_DRIVE_PARAMETERS	0x91
#define IDE_COMMAND_DOWNLOAD_MICROCODE		0x92
#define IDE_COMMAND_DOWNLOAD_MICROCODE_DMA	0x93
#define IDE_COMMAND_ZAC_MANAGEMENT_OUT		0x9f
#define IDE_COMMAND_ATAPI_PACKET		0xa0
#define IDE_COMMAND_ATAPI_IDENTIFY		0xa1
#define IDE_COMMAND_SMART			0xb0
#define IDE_COMMAND_READ_LOG_DMA_EXT		0xb1
#define IDE_COMMAND_SANITIZE_DEVICE		0xb4
#define IDE_COMMAND_READ_MULTIPLE		0xc4
#define IDE_COMMAND_WRITE_MULTIPLE		0xc5
#define IDE_COMMAND_SET_MULTIPLE		0xc6
#define IDE_COMMAND_READ_DMA			0xc8
#define IDE_COMMAND_WRITE_DMA			0xca
#define IDE_COMMAND_WRITE_DMA_QUEUED		0xcc
#define IDE_COMMAND_WRITE_MULTIPLE_FUA_EXT	0xce
#define IDE_COMMAND_GET_MEDIA_STATUS		0xda
#define IDE_COMMAND_DOOR_LOCK			0xde
#define IDE_COMMAND_DOOR_UNLOCK			0xdf
#define IDE_COMMAND_STANDBY_IMMEDIATE		0xe0
#define IDE_COMMAND_IDLE_IMMEDIATE		0xe1
#define IDE_COMMAND_CHECK_POWER			0xe5
#define IDE_COMMAND_SLEEP			0xe6
#define IDE_COMMAND_FLUSH_CACHE			0xe7
#define IDE_COMMAND_FLUSH_CACHE_EXT		0xea
#define IDE_COMMAND_IDENTIFY			0xec
#define IDE_COMMAND_MEDIA_EJECT			0xed
#define IDE_COMMAND_SET_FEATURE			0xef
#define IDE_COMMAND_SECURITY_SET_PASSWORD	0xf1
#define IDE_COMMAND_SECURITY_UNLOCK		0xf2
#define IDE_COMMAND_SECURITY_ERASE_PREPARE	0xf3
#define IDE_COMMAND_SECURITY_ERASE_UNIT		0xf4
#define IDE_COMMAND_SECURITY_FREEZE_LOCK	0xf5
#define IDE_COMMAND_SECURITY_DISABLE_PASSWORD	0xf6
#define IDE_COMMAND_NOT_VALID			0xff

/* SET FEATURES: subcommand in the features register */
#define IDE_FEATURE_ENABLE_WRITE_CACHE		0x2
#define IDE_FEATURE_SET_TRANSFER_MODE		0x3
#define IDE_FEATURE_ENABLE_PUIS			0x6
#define IDE_FEATURE_PUIS_SPIN_UP		0x7
#define IDE_FEATURE_ENABLE_SATA_FEATURE		0x10
#define IDE_FEATURE_DISABLE_MSN			0x31
#define IDE_FEATURE_DISABLE_REVERT_TO_POWER_ON	0x66
#define IDE_FEATURE_DISABLE_WRITE_CACHE		0x82
#define IDE_FEATURE_DISABLE_PUIS		0x86
#define IDE_FEATURE_DISABLE_SATA_FEATURE	0x90
#define IDE_FEATURE_ENABLE_MSN			0x95

/* SET FEATURES, enable or disable SATA feature: feature in the count register */
#define IDE_SATA_FEATURE_NON_ZERO_DMA_BUFFER_OFFSET		0x1
#define IDE_SATA_FEATURE_DMA_SETUP_FIS_AUTO_ACTIVATE		0x2
#define IDE_SATA_FEATURE_DEVICE_INITIATED_POWER_MANAGEMENT	0x3
#define IDE_SATA_FEATURE_GUARANTEED_IN_ORDER_DELIVERY		0x4
#define IDE_SATA_FEATURE_ASYNCHRONOUS_NOTIFICATION		0x5
#define IDE_SATA_FEATURE_SOFTWARE_SETTINGS_PRESERVATION		0x6
#define IDE_SATA_FEATURE_DEVICE_AUTO_PARTIAL_TO_SLUMBER		0x7
#define IDE_SATA_FEATURE_ENABLE_HARDWARE_FEATURE_CONTROL	0x8
#define IDE_SATA_FEATURE_DEVSLP					0x9
#define IDE_SATA_FEATURE_HYBRID_INFORMATION			0xa

/* SMART: subcommand in the features register */
#define IDE_SMART_READ_ATTRIBUTES		0xd0
#define IDE_SMART_READ_THRESHOLDS		0xd1
#define IDE_SMART_ENABLE_DISABLE_AUTOSAVE	0xd2
#define IDE_SMART_SAVE_ATTRIBUTE_VALUES		0xd3
#define IDE_SMART_EXECUTE_OFFLINE_DIAGS		0xd4
#define IDE_SMART_READ_LOG			0xd5
#define IDE_SMART_WRITE_LOG			0xd6
#define IDE_SMART_ENABLE			0xd8
#define IDE_SMART_DISABLE			0xd9
#define IDE_SMART_RETURN_STATUS			0xda
#define IDE_SMART_ENABLE_DISABLE_AUTO_OFFLINE	0xdb

/* DATA SET MANAGEMENT */
#define IDE_DSM_FEATURE_TRIM	0x1

/* NCQ NON-DATA and SEND FPDMA QUEUED: subcommands */
#define IDE_NCQ_NON_DATA_ABORT_NCQ_QUEUE		0x0
#define IDE_NCQ_NON_DATA_DEADLINE_HANDLING		0x1
#define IDE_NCQ_NON_DATA_HYBRID_CHANGE_BY_SIZE		0x2
#define IDE_NCQ_NON_DATA_HYBRID_DEMOTE_BY_SIZE		0x2
#define IDE_NCQ_NON_DATA_HYBRID_CHANGE_BY_LBA_RANGE	0x3
#define IDE_NCQ_NON_DATA_HYBRID_CONTROL			0x4
#define IDE_NCQ_SEND_DATA_SET_MANAGEMENT		0x0
#define IDE_NCQ_SEND_HYBRID_EVICT			0x1

/* SECURITY SET PASSWORD: whose password */
#define ATA_DEVICE_SET_PASSWORD_MASTER	0x1
#define ATA_DEVICE_SET_PASSWORD_USER	0x0

/* General purpose logs */
#define IDE_GP_LOG_DIRECTORY_ADDRESS			0x0
#define IDE_GP_SUMMARY_SMART_ERROR			0x1
#define IDE_GP_COMPREHENSIVE_SMART_ERROR		0x2
#define IDE_GP_EXTENDED_COMPREHENSIVE_SMART_ERROR	0x3
#define IDE_GP_LOG_DEVICE_STATISTICS_ADDRESS		0x4
#define IDE_GP_SMART_SELF_TEST				0x6
#define IDE_GP_EXTENDED_SMART_SELF_TEST			0x7
#define IDE_GP_LOG_POWER_CONDITIONS			0x8
#define IDE_GP_SELECTIVE_SELF_TEST			0x9
#define IDE_GP_DEVICE_STATISTICS_NOTIFICATION		0xa
#define IDE_GP_PENDING_DEFECTS				0xc
#define IDE_GP_LPS_MISALIGNMENT				0xd
#define IDE_GP_LOG_NCQ_COMMAND_ERROR_ADDRESS		0x10
#define IDE_GP_LOG_PHY_EVENT_COUNTER_ADDRESS		0x11
#define IDE_GP_LOG_NCQ_NON_DATA_ADDRESS			0x12
#define IDE_GP_LOG_NCQ_SEND_RECEIVE_ADDRESS		0x13
#define IDE_GP_LOG_HYBRID_INFO_ADDRESS			0x14
#define IDE_GP_LOG_REBUILD_ASSIST			0x15
#define IDE_GP_LOG_LBA_STATUS				0x19
#define IDE_GP_LOG_WRITE_STREAM_ERROR			0x21
#define IDE_GP_LOG_READ_STREAM_ERROR			0x22
#define IDE_GP_LOG_CURRENT_DEVICE_INTERNAL_STATUS	0x24
#define IDE_GP_LOG_SAVED_DEVICE_INTERNAL_STATUS		0x25
#define IDE_GP_LOG_IDENTIFY_DEVICE_DATA_ADDRESS		0x30
#define IDE_GP_LOG_SCT_COMMAND_STATUS			0xe0
#define IDE_GP_LOG_SCT_DATA_TRANSFER			0xe1

/* Their sector size, their version, and pages of some of them */
#define IDE_GP_LOG_SECTOR_SIZE						0x200
#define IDE_GP_LOG_VERSION						0x1
#define IDE_GP_LOG_SUPPORTED_PAGES					0x0
#define IDE_GP_LOG_IDENTIFY_DEVICE_DATA_SUPPORTED_CAPABILITIES_PAGE	0x3
#define IDE_GP_LOG_IDENTIFY_DEVICE_DATA_SATA_PAGE			0x8
#define IDE_GP_LOG_IDENTIFY_DEVICE_DATA_ZONED_DEVICE_INFORMATION_PAGE	0x9

/* Zoned devices: AdditionalSupported.ZonedCapabilities and revisions */
#define ATA_ZONED_CAPABILITIES_NOT_REPORTED	0x0
#define ATA_ZONED_CAPABILITIES_HOST_AWARE	0x1
#define ATA_ZONED_CAPABILITIES_DEVICE_MANAGED	0x2
#define ZAC_REVISION_NOT_REPORTED_1		0x0
#define ZAC_REVISION_NOT_REPORTED_2		0xffff
#define ZAC_REVISION_01				0xb6e8
#define ZAC_REVISION_04				0xa36c

/* Pages of the device statistics log */
#define IDE_GP_LOG_DEVICE_STATISTICS_GENERAL_PAGE		0x1
#define IDE_GP_LOG_DEVICE_STATISTICS_FREE_FALL_PAGE		0x2
#define IDE_GP_LOG_DEVICE_STATISTICS_ROTATING_MEDIA_PAGE	0x3
#define IDE_GP_LOG_DEVICE_STATISTICS_GENERAL_ERROR_PAGE		0x4
#define IDE_GP_LOG_DEVICE_STATISTICS_TEMPERATURE_PAGE		0x5
#define IDE_GP_LOG_DEVICE_STATISTICS_TRANSPORT_PAGE		0x6
#define IDE_GP_LOG_DEVICE_STATISTICS_SSD_PAGE			0x7

/* Hybrid information log */
#define HYBRID_INFORMATION_DISABLED		0x0
#define HYBRID_INFORMATION_DISABLE_IN_PROCESS	0x80
#define HYBRID_INFORMATION_ENABLED		0xff
#define HYBRID_HEALTH_UNUSEABLE			0x1
#define HYBRID_HEALTH_NVM_SIZE_CHANGED		0x2
#define HYBRID_HEALTH_READ_ONLY			0x4
#define HYBRID_HEALTH_DATA_LOSS			0x8

/* Device signatures: cylinder high and low, sector number, sector count */
#define ATA_DEVICE_SIGNATURE_ATA		0x101
#define ATA_DEVICE_SIGNATURE_ATAPI		0xeb140101
#define ATA_DEVICE_SIGNATURE_HOST_ZONED		0xabcd0101
#define ATA_DEVICE_SIGNATURE_ENCLOSURE		0xc33c0101
#define ATA_DEVICE_SIGNATURE_PORT_MULTIPLIER	0x96690101

/* ZAC MANAGEMENT IN and OUT: actions */
#define ZM_ACTION_REPORT_ZONES		0x0
#define ZM_ACTION_CLOSE_ZONE		0x1
#define ZM_ACTION_FINISH_ZONE		0x2
#define ZM_ACTION_OPEN_ZONE		0x3
#define ZM_ACTION_RESET_WRITE_POINTER	0x4
#define ZM_ALL_ZONES_BIT		0x100

/* REPORT ZONES: which zones, and what it tells of them */
#define ATA_REPORT_ZONES_OPTION_LIST_ALL_ZONES						0x0
#define ATA_REPORT_ZONES_OPTION_LIST_EMPTY_ZONES					0x1
#define ATA_REPORT_ZONES_OPTION_LIST_IMPLICITLY_OPENED_ZONES				0x2
#define ATA_REPORT_ZONES_OPTION_LIST_EXPLICITLY_OPENED_ZONES				0x3
#define ATA_REPORT_ZONES_OPTION_LIST_CLOSED_ZONES					0x4
#define ATA_REPORT_ZONES_OPTION_LIST_FULL_ZONES						0x5
#define ATA_REPORT_ZONES_OPTION_LIST_READ_ONLY_ZONES					0x6
#define ATA_REPORT_ZONES_OPTION_LIST_OFFLINE_ZONES					0x7
#define ATA_REPORT_ZONES_OPTION_LIST_RWP_ZONES						0x10
#define ATA_REPORT_ZONES_OPTION_LIST_NON_SEQUENTIAL_WRITE_RESOURCES_ACTIVE_ZONES	0x11
#define ATA_REPORT_ZONES_OPTION_LIST_NOT_WRITE_POINTER_ZONES				0x3f
#define ATA_ZONES_TYPE_AND_LENGTH_MAY_DIFFERENT						0x0
#define ATA_ZONES_TYPE_SAME_LENGTH_SAME							0x1
#define ATA_ZONES_TYPE_SAME_LAST_ZONE_LENGTH_DIFFERENT					0x2
#define ATA_ZONES_TYPE_MAY_DIFFERENT_LENGTH_SAME					0x3
#define ATA_ZONE_TYPE_CONVENTIONAL							0x1
#define ATA_ZONE_TYPE_SEQUENTIAL_WRITE_REQUIRED						0x2
#define ATA_ZONE_TYPE_SEQUENTIAL_WRITE_PREFERRED					0x3
#define ATA_ZONE_CONDITION_NOT_WRITE_POINTER						0x0
#define ATA_ZONE_CONDITION_EMPTY							0x1
#define ATA_ZONE_CONDITION_IMPLICITLY_OPENED						0x2
#define ATA_ZONE_CONDITION_EXPLICITLY_OPENED						0x3
#define ATA_ZONE_CONDITION_CLOSED							0x4
#define ATA_ZONE_CONDITION_READ_ONLY							0xd
#define ATA_ZONE_CONDITION_FULL								0xe
#define ATA_ZONE_CONDITION_OFFLINE							0xf

/*
 * IDENTIFY DEVICE data.  The number behind a member is its word in the ATA
 * standards; bit fields and members of a nested structure follow in order.
 *
 * Sources of two generations compile against these structures: where an older
 * ata.h had another member at the same place, that one stands second in an
 * anonymous union.  Where it used the *same* name for another place or length
 * (all of them reserved fields, and AtapiZeroByteCount of the packet device),
 * one structure cannot have both, and the name means the newer one.
 */
typedef struct NT_PACKED _IDENTIFY_DEVICE_DATA {
	struct {
		USHORT Reserved1 : 1;
		USHORT Retired3 : 1;
		USHORT ResponseIncomplete : 1;
		USHORT Retired2 : 3;
		USHORT FixedDevice : 1;
		USHORT RemovableMedia : 1;
		USHORT Retired1 : 7;
		USHORT DeviceType : 1;
	} GeneralConfiguration; /* 0 */
	USHORT NumCylinders; /* 1 */
	union {
		USHORT SpecificConfiguration; /* 2 */
		USHORT ReservedWord2;
	};
	USHORT NumHeads; /* 3 */
	USHORT Retired1[2]; /* 4 */
	USHORT NumSectorsPerTrack; /* 6 */
	USHORT VendorUnique1[3]; /* 7 */
	UCHAR SerialNumber[20]; /* 10 */
	USHORT Retired2[2]; /* 20 */
	USHORT Obsolete1; /* 22 */
	UCHAR FirmwareRevision[8]; /* 23 */
	UCHAR ModelNumber[40]; /* 27 */
	UCHAR MaximumBlockTransfer; /* 47 */
	UCHAR VendorUnique2; /* 47 */
	union {
		struct {
			USHORT FeatureSupported : 1;
			USHORT Reserved : 15;
		} TrustedComputing; /* 48 */
		USHORT ReservedWord48;
	};
	struct {
		UCHAR CurrentLongPhysicalSectorAlignment : 2;
		UCHAR ReservedByte49 : 6;
		UCHAR DmaSupported : 1;
		UCHAR LbaSupported : 1;
		UCHAR IordyDisable : 1;
		UCHAR IordySupported : 1;
		UCHAR Reserved1 : 1;
		UCHAR StandybyTimerSupport : 1;
		UCHAR Reserved2 : 2;
		USHORT ReservedWord50;
	} Capabilities; /* 49 */
	USHORT ObsoleteWords51[2]; /* 51 */
	USHORT TranslationFieldsValid : 3;
	USHORT Reserved3 : 5;
	USHORT FreeFallControlSensitivity : 8;
	USHORT NumberOfCurrentCylinders; /* 54 */
	USHORT NumberOfCurrentHeads; /* 55 */
	USHORT CurrentSectorsPerTrack; /* 56 */
	ULONG CurrentSectorCapacity; /* 57 */
	UCHAR CurrentMultiSectorSetting; /* 59 */
	UCHAR MultiSectorSettingValid : 1;
	UCHAR ReservedByte59 : 3;
	UCHAR SanitizeFeatureSupported : 1;
	UCHAR CryptoScrambleExtCommandSupported : 1;
	UCHAR OverwriteExtCommandSupported : 1;
	UCHAR BlockEraseExtCommandSupported : 1;
	ULONG UserAddressableSectors; /* 60 */
	USHORT ObsoleteWord62; /* 62 */
	USHORT MultiWordDMASupport : 8;
	USHORT MultiWordDMAActive : 8;
	USHORT AdvancedPIOModes : 8;
	USHORT ReservedByte64 : 8;
	USHORT MinimumMWXferCycleTime; /* 65 */
	USHORT RecommendedMWXferCycleTime; /* 66 */
	USHORT MinimumPIOCycleTime; /* 67 */
	USHORT MinimumPIOCycleTimeIORDY; /* 68 */
	union {
		struct {
			struct {
				USHORT ZonedCapabilities : 2;
				USHORT NonVolatileWriteCache : 1;
				USHORT ExtendedUserAddressableSectorsSupported : 1;
				USHORT DeviceEncryptsAllUserData : 1;
				USHORT ReadZeroAfterTrimSupported : 1;
				USHORT Optional28BitCommandsSupported : 1;
				USHORT IEEE1667 : 1;
				USHORT DownloadMicrocodeDmaSupported : 1;
				USHORT SetMaxSetPasswordUnlockDmaSupported : 1;
				USHORT WriteBufferDmaSupported : 1;
				USHORT ReadBufferDmaSupported : 1;
				USHORT DeviceConfigIdentifySetDmaSupported : 1;
				USHORT LPSAERCSupported : 1;
				USHORT DeterministicReadAfterTrimSupported : 1;
				USHORT CFastSpecSupported : 1;
			} AdditionalSupported; /* 69 */
			USHORT ReservedWords70[5]; /* 70 */
		};
		USHORT ReservedWords69[6];
	};
	USHORT QueueDepth : 5;
	USHORT ReservedWord75 : 11;
	union {
		struct {
			struct {
				USHORT Reserved0 : 1;
				USHORT SataGen1 : 1;
				USHORT SataGen2 : 1;
				USHORT SataGen3 : 1;
				USHORT Reserved1 : 4;
				USHORT NCQ : 1;
				USHORT HIPM : 1;
				USHORT PhyEvents : 1;
				USHORT NcqUnload : 1;
				USHORT NcqPriority : 1;
				USHORT HostAutoPS : 1;
				USHORT DeviceAutoPS : 1;
				USHORT ReadLogDMA : 1;
				USHORT Reserved2 : 1;
				USHORT CurrentSpeed : 3;
				USHORT NcqStreaming : 1;
				USHORT NcqQueueMgmt : 1;
				USHORT NcqReceiveSend : 1;
				USHORT DEVSLPtoReducedPwrState : 1;
				USHORT Reserved3 : 8;
			} SerialAtaCapabilities; /* 76 */
			struct {
				USHORT Reserved0 : 1;
				USHORT NonZeroOffsets : 1;
				USHORT DmaSetupAutoActivate : 1;
				USHORT DIPM : 1;
				USHORT InOrderData : 1;
				USHORT HardwareFeatureControl : 1;
				USHORT SoftwareSettingsPreservation : 1;
				USHORT NCQAutosense : 1;
				USHORT DEVSLP : 1;
				USHORT HybridInformation : 1;
				USHORT Reserved1 : 6;
			} SerialAtaFeaturesSupported; /* 78 */
			struct {
				USHORT Reserved0 : 1;
				USHORT NonZeroOffsets : 1;
				USHORT DmaSetupAutoActivate : 1;
				USHORT DIPM : 1;
				USHORT InOrderData : 1;
				USHORT HardwareFeatureControl : 1;
				USHORT SoftwareSettingsPreservation : 1;
				USHORT DeviceAutoPS : 1;
				USHORT DEVSLP : 1;
				USHORT HybridInformation : 1;
				USHORT Reserved1 : 6;
			} SerialAtaFeaturesEnabled; /* 79 */
		};
		USHORT ReservedWords76[4];
	};
	USHORT MajorRevision; /* 80 */
	USHORT MinorRevision; /* 81 */
	struct {
		USHORT SmartCommands : 1;
		USHORT SecurityMode : 1;
		USHORT RemovableMediaFeature : 1;
		USHORT PowerManagement : 1;
		USHORT Reserved1 : 1;
		USHORT WriteCache : 1;
		USHORT LookAhead : 1;
		USHORT ReleaseInterrupt : 1;
		USHORT ServiceInterrupt : 1;
		USHORT DeviceReset : 1;
		USHORT HostProtectedArea : 1;
		USHORT Obsolete1 : 1;
		USHORT WriteBuffer : 1;
		USHORT ReadBuffer : 1;
		USHORT Nop : 1;
		USHORT Obsolete2 : 1;
		union {
			struct {
				USHORT DownloadMicrocode : 1;
				USHORT DmaQueued : 1;
				USHORT Cfa : 1;
				USHORT AdvancedPm : 1;
				USHORT Msn : 1;
				USHORT PowerUpInStandby : 1;
				USHORT ManualPowerUp : 1;
				USHORT Reserved2 : 1;
				USHORT SetMax : 1;
				USHORT Acoustics : 1;
				USHORT BigLba : 1;
				USHORT DeviceConfigOverlay : 1;
				USHORT FlushCache : 1;
				USHORT FlushCacheExt : 1;
				USHORT WordValid83 : 2;
			};
			struct {
				USHORT : 14;
				USHORT Resrved3 : 2;
			};
		};
		union {
			struct {
				USHORT SmartErrorLog : 1;
				USHORT SmartSelfTest : 1;
				USHORT MediaSerialNumber : 1;
				USHORT MediaCardPassThrough : 1;
				USHORT StreamingFeature : 1;
				USHORT GpLogging : 1;
				USHORT WriteFua : 1;
				USHORT WriteQueuedFua : 1;
				USHORT WWN64Bit : 1;
				USHORT URGReadStream : 1;
				USHORT URGWriteStream : 1;
				USHORT ReservedForTechReport : 2;
				USHORT IdleWithUnloadFeature : 1;
				USHORT WordValid : 2;
			};
			struct {
				USHORT : 14;
				USHORT Reserved4 : 2;
			};
		};
	} CommandSetSupport; /* 82 */
	struct {
		USHORT SmartCommands : 1;
		USHORT SecurityMode : 1;
		USHORT RemovableMediaFeature : 1;
		USHORT PowerManagement : 1;
		USHORT Reserved1 : 1;
		USHORT WriteCache : 1;
		USHORT LookAhead : 1;
		USHORT ReleaseInterrupt : 1;
		USHORT ServiceInterrupt : 1;
		USHORT DeviceReset : 1;
		USHORT HostProtectedArea : 1;
		USHORT Obsolete1 : 1;
		USHORT WriteBuffer : 1;
		USHORT ReadBuffer : 1;
		USHORT Nop : 1;
		USHORT Obsolete2 : 1;
		USHORT DownloadMicrocode : 1;
		USHORT DmaQueued : 1;
		USHORT Cfa : 1;
		USHORT AdvancedPm : 1;
		USHORT Msn : 1;
		USHORT PowerUpInStandby : 1;
		USHORT ManualPowerUp : 1;
		USHORT Reserved2 : 1;
		USHORT SetMax : 1;
		USHORT Acoustics : 1;
		USHORT BigLba : 1;
		USHORT DeviceConfigOverlay : 1;
		USHORT FlushCache : 1;
		USHORT FlushCacheExt : 1;
		USHORT Resrved3 : 1;
		USHORT Words119_120Valid : 1;
		USHORT SmartErrorLog : 1;
		USHORT SmartSelfTest : 1;
		USHORT MediaSerialNumber : 1;
		USHORT MediaCardPassThrough : 1;
		USHORT StreamingFeature : 1;
		USHORT GpLogging : 1;
		USHORT WriteFua : 1;
		USHORT WriteQueuedFua : 1;
		USHORT WWN64Bit : 1;
		USHORT URGReadStream : 1;
		USHORT URGWriteStream : 1;
		USHORT ReservedForTechReport : 2;
		USHORT IdleWithUnloadFeature : 1;
		USHORT Reserved4 : 2;
	} CommandSetActive; /* 85 */
	USHORT UltraDMASupport : 8;
	USHORT UltraDMAActive : 8;
	union {
		struct {
			struct {
				USHORT TimeRequired : 15;
				USHORT ExtendedTimeReported : 1;
			} NormalSecurityEraseUnit; /* 89 */
			struct {
				USHORT TimeRequired : 15;
				USHORT ExtendedTimeReported : 1;
			} EnhancedSecurityEraseUnit; /* 90 */
			USHORT CurrentAPMLevel : 8;
			USHORT ReservedWord91 : 8;
			USHORT MasterPasswordID; /* 92 */
		};
		USHORT ReservedWord89[4];
	};
	USHORT HardwareResetResult; /* 93 */
	USHORT CurrentAcousticValue : 8;
	USHORT RecommendedAcousticValue : 8;
	union {
		struct NT_PACKED {
			USHORT StreamMinRequestSize; /* 95 */
			USHORT StreamingTransferTimeDMA; /* 96 */
			USHORT StreamingAccessLatencyDMAPIO; /* 97 */
			ULONG StreamingPerfGranularity; /* 98 */
		};
		USHORT ReservedWord95[5];
	};
	ULONG Max48BitLBA[2]; /* 100 */
	USHORT StreamingTransferTime; /* 104 */
	union {
		USHORT DsmCap; /* 105 */
		USHORT ReservedWord105;
	};
	struct {
		USHORT LogicalSectorsPerPhysicalSector : 4;
		USHORT Reserved0 : 8;
		USHORT LogicalSectorLongerThan256Words : 1;
		USHORT MultipleLogicalSectorsPerPhysicalSector : 1;
		USHORT Reserved1 : 2;
	} PhysicalLogicalSectorSize; /* 106 */
	USHORT InterSeekDelay; /* 107 */
	USHORT WorldWideName[4]; /* 108 */
	USHORT ReservedForWorldWideName128[4]; /* 112 */
	USHORT ReservedForTlcTechnicalReport; /* 116 */
	USHORT WordsPerLogicalSector[2]; /* 117 */
	struct {
		union {
			struct {
				USHORT ReservedForDrqTechnicalReport : 1;
				USHORT WriteReadVerify : 1;
				USHORT WriteUncorrectableExt : 1;
				USHORT ReadWriteLogDmaExt : 1;
				USHORT DownloadMicrocodeMode3 : 1;
				USHORT FreefallControl : 1;
				USHORT SenseDataReporting : 1;
				USHORT ExtendedPowerConditions : 1;
				USHORT Reserved0 : 6;
				USHORT WordValid : 2;
			};
			struct {
				USHORT : 1;
				USHORT WriteReadVerifySupported : 1;
				USHORT : 11;
				USHORT Reserved1 : 2;
				USHORT : 1;
			};
		};
	} CommandSetSupportExt; /* 119 */
	struct {
		union {
			struct {
				USHORT ReservedForDrqTechnicalReport : 1;
				USHORT WriteReadVerify : 1;
				USHORT WriteUncorrectableExt : 1;
				USHORT ReadWriteLogDmaExt : 1;
				USHORT DownloadMicrocodeMode3 : 1;
				USHORT FreefallControl : 1;
				USHORT SenseDataReporting : 1;
				USHORT ExtendedPowerConditions : 1;
				USHORT Reserved0 : 6;
				USHORT Reserved1 : 2;
			};
			struct {
				USHORT : 1;
				USHORT WriteReadVerifyEnabled : 1;
				USHORT : 14;
			};
		};
	} CommandSetActiveExt; /* 120 */
	USHORT ReservedForExpandedSupportandActive[6]; /* 121 */
	USHORT MsnSupport : 2;
	USHORT ReservedWord127 : 14;
	struct {
		USHORT SecuritySupported : 1;
		USHORT SecurityEnabled : 1;
		USHORT SecurityLocked : 1;
		USHORT SecurityFrozen : 1;
		USHORT SecurityCountExpired : 1;
		USHORT EnhancedSecurityEraseSupported : 1;
		USHORT Reserved0 : 2;
		USHORT SecurityLevel : 1;
		USHORT Reserved1 : 7;
	} SecurityStatus; /* 128 */
	USHORT ReservedWord129[31]; /* 129 */
	struct {
		USHORT MaximumCurrentInMA : 12;
		USHORT CfaPowerMode1Disabled : 1;
		USHORT CfaPowerMode1Required : 1;
		USHORT Reserved0 : 1;
		USHORT Word160Supported : 1;
	} CfaPowerMode1; /* 160 */
	union {
		struct {
			USHORT ReservedForCfaWord161[7]; /* 161 */
			USHORT NominalFormFactor : 4;
			USHORT ReservedWord168 : 12;
			struct {
				USHORT SupportsTrim : 1;
				USHORT Reserved0 : 15;
			} DataSetManagementFeature; /* 169 */
			USHORT AdditionalProductID[4]; /* 170 */
			USHORT ReservedForCfaWord174[2]; /* 174 */
		};
		USHORT ReservedForCfa[15];
	};
	USHORT CurrentMediaSerialNumber[30]; /* 176 */
	union {
		struct {
			USHORT Supported : 1;
			USHORT Reserved0 : 1;
			USHORT WriteSameSuported : 1;
			USHORT ErrorRecoveryControlSupported : 1;
			USHORT FeatureControlSuported : 1;
			USHORT DataTablesSuported : 1;
			USHORT Reserved1 : 6;
			USHORT VendorSpecific : 4;
		} SCTCommandTransport; /* 206 */
		USHORT ReservedWord206;
	};
	USHORT ReservedWord207[2]; /* 207 */
	struct {
		USHORT AlignmentOfLogicalWithinPhysical : 14;
		USHORT Word209Supported : 1;
		USHORT Reserved0 : 1;
	} BlockAlignment; /* 209 */
	USHORT WriteReadVerifySectorCountMode3Only[2]; /* 210 */
	USHORT WriteReadVerifySectorCountMode2Only[2]; /* 212 */
	struct {
		USHORT NVCachePowerModeEnabled : 1;
		USHORT Reserved0 : 3;
		USHORT NVCacheFeatureSetEnabled : 1;
		USHORT Reserved1 : 3;
		USHORT NVCachePowerModeVersion : 4;
		USHORT NVCacheFeatureSetVersion : 4;
	} NVCacheCapabilities; /* 214 */
	USHORT NVCacheSizeLSW; /* 215 */
	USHORT NVCacheSizeMSW; /* 216 */
	union {
		USHORT NominalMediaRotationRate; /* 217 */
		USHORT NVCacheReadSpeed;
	};
	union {
		USHORT ReservedWord218; /* 218 */
		USHORT NVCacheWriteSpeed;
	};
	struct {
		UCHAR NVCacheEstimatedTimeToSpinUpInSeconds;
		UCHAR Reserved;
	} NVCacheOptions; /* 219 */
	USHORT WriteReadVerifySectorCountMode : 8;
	USHORT ReservedWord220 : 8;
	USHORT ReservedWord221; /* 221 */
	struct {
		USHORT MajorVersion : 12;
		USHORT TransportType : 4;
	} TransportMajorVersion; /* 222 */
	USHORT TransportMinorVersion; /* 223 */
	USHORT ReservedWord224[6]; /* 224 */
	ULONG ExtendedNumberOfUserAddressableSectors[2]; /* 230 */
	USHORT MinBlocksPerDownloadMicrocodeMode03; /* 234 */
	USHORT MaxBlocksPerDownloadMicrocodeMode03; /* 235 */
	USHORT ReservedWord236[19]; /* 236 */
	USHORT Signature : 8;
	USHORT CheckSum : 8;
} IDENTIFY_DEVICE_DATA, *PIDENTIFY_DEVICE_DATA;

/* IDENTIFY PACKET DEVICE data, with the same conventions */
typedef struct NT_PACKED _IDENTIFY_PACKET_DATA {
	struct {
		USHORT PacketType : 2;
		USHORT IncompleteResponse : 1;
		USHORT Reserved1 : 2;
		USHORT DrqDelay : 2;
		USHORT RemovableMedia : 1;
		USHORT CommandPacketType : 5;
		USHORT Reserved2 : 1;
		USHORT DeviceType : 2;
	} GeneralConfiguration; /* 0 */
	USHORT ResevedWord1; /* 1 */
	USHORT UniqueConfiguration; /* 2 */
	USHORT ReservedWords3[7]; /* 3 */
	UCHAR SerialNumber[20]; /* 10 */
	USHORT ReservedWords20[3]; /* 20 */
	UCHAR FirmwareRevision[8]; /* 23 */
	UCHAR ModelNumber[40]; /* 27 */
	USHORT ReservedWords47[2]; /* 47 */
	union {
		struct {
			USHORT VendorSpecific : 8;
			USHORT DmaSupported : 1;
			USHORT LbaSupported : 1;
			USHORT IordyDisabled : 1;
			USHORT IordySupported : 1;
			USHORT Obsolete : 1;
			USHORT OverlapSupported : 1;
			USHORT QueuedCommandsSupported : 1;
			USHORT InterleavedDmaSupported : 1;
			USHORT DeviceSpecificStandbyTimerValueMin : 1;
			USHORT Obsolete1 : 1;
			USHORT ReservedWord50 : 12;
			USHORT WordValid : 2;
		} Capabilities; /* 49 */
		struct {
			USHORT : 16;
			USHORT ReservedWord50;
		};
	};
	USHORT ObsoleteWords51[2]; /* 51 */
	USHORT TranslationFieldsValid : 3;
	USHORT Reserved3 : 13;
	USHORT ReservedWords54[8]; /* 54 */
	struct {
		USHORT UDMA0Supported : 1;
		USHORT UDMA1Supported : 1;
		USHORT UDMA2Supported : 1;
		USHORT UDMA3Supported : 1;
		USHORT UDMA4Supported : 1;
		USHORT UDMA5Supported : 1;
		USHORT UDMA6Supported : 1;
		USHORT MDMA0Supported : 1;
		USHORT MDMA1Supported : 1;
		USHORT MDMA2Supported : 1;
		USHORT DMASupported : 1;
		USHORT ReservedWord62 : 4;
		USHORT DMADIRBitRequired : 1;
	} DMADIR; /* 62 */
	USHORT MultiWordDMASupport : 8;
	USHORT MultiWordDMAActive : 8;
	USHORT AdvancedPIOModes : 8;
	USHORT ReservedByte64 : 8;
	USHORT MinimumMWXferCycleTime; /* 65 */
	USHORT RecommendedMWXferCycleTime; /* 66 */
	USHORT MinimumPIOCycleTime; /* 67 */
	USHORT MinimumPIOCycleTimeIORDY; /* 68 */
	USHORT ReservedWords69[2]; /* 69 */
	USHORT BusReleaseDelay; /* 71 */
	USHORT ServiceCommandDelay; /* 72 */
	USHORT ReservedWords73[2]; /* 73 */
	USHORT QueueDepth : 5;
	USHORT ReservedWord75 : 11;
	union {
		struct {
			struct {
				USHORT Reserved0 : 1;
				USHORT SataGen1 : 1;
				USHORT SataGen2 : 1;
				USHORT SataGen3 : 1;
				USHORT Reserved1 : 5;
				USHORT HIPM : 1;
				USHORT PhyEvents : 1;
				USHORT Reserved3 : 2;
				USHORT HostAutoPS : 1;
				USHORT DeviceAutoPS : 1;
				USHORT Reserved4 : 1;
				USHORT Reserved5 : 1;
				USHORT CurrentSpeed : 3;
				USHORT SlimlineDeviceAttention : 1;
				USHORT HostEnvironmentDetect : 1;
				USHORT Reserved : 10;
			} SerialAtaCapabilities; /* 76 */
			struct {
				USHORT Reserved0 : 1;
				USHORT Reserved1 : 2;
				USHORT DIPM : 1;
				USHORT Reserved2 : 1;
				USHORT AsynchronousNotification : 1;
				USHORT SoftwareSettingsPreservation : 1;
				USHORT Reserved3 : 9;
			} SerialAtaFeaturesSupported; /* 78 */
			struct {
				USHORT Reserved0 : 1;
				USHORT Reserved1 : 2;
				USHORT DIPM : 1;
				USHORT Reserved2 : 1;
				USHORT AsynchronousNotification : 1;
				USHORT SoftwareSettingsPreservation : 1;
				USHORT DeviceAutoPS : 1;
				USHORT Reserved3 : 8;
			} SerialAtaFeaturesEnabled; /* 79 */
		};
		USHORT ReservedWords76[4];
	};
	USHORT MajorRevision; /* 80 */
	USHORT MinorRevision; /* 81 */
	struct {
		USHORT SmartCommands : 1;
		USHORT SecurityMode : 1;
		USHORT RemovableMedia : 1;
		USHORT PowerManagement : 1;
		USHORT PacketCommands : 1;
		USHORT WriteCache : 1;
		USHORT LookAhead : 1;
		USHORT ReleaseInterrupt : 1;
		USHORT ServiceInterrupt : 1;
		USHORT DeviceReset : 1;
		USHORT HostProtectedArea : 1;
		USHORT Obsolete1 : 1;
		USHORT WriteBuffer : 1;
		USHORT ReadBuffer : 1;
		USHORT Nop : 1;
		USHORT Obsolete2 : 1;
		USHORT DownloadMicrocode : 1;
		USHORT Reserved1 : 2;
		USHORT AdvancedPm : 1;
		USHORT Msn : 1;
		USHORT PowerUpInStandby : 1;
		USHORT ManualPowerUp : 1;
		USHORT Reserved2 : 1;
		USHORT SetMax : 1;
		USHORT Reserved3 : 3;
		USHORT FlushCache : 1;
		USHORT Reserved4 : 1;
		USHORT WordValid : 2;
	} CommandSetSupport; /* 82 */
	union {
		struct {
			USHORT Reserved0 : 5;
			USHORT GpLogging : 1;
			USHORT Reserved1 : 2;
			USHORT WWN64Bit : 1;
			USHORT Reserved2 : 5;
			USHORT WordValid : 2;
		} CommandSetSupportExt; /* 84 */
		USHORT ReservedWord84;
	};
	struct {
		USHORT SmartCommands : 1;
		USHORT SecurityMode : 1;
		USHORT RemovableMedia : 1;
		USHORT PowerManagement : 1;
		USHORT PacketCommands : 1;
		USHORT WriteCache : 1;
		USHORT LookAhead : 1;
		USHORT ReleaseInterrupt : 1;
		USHORT ServiceInterrupt : 1;
		USHORT DeviceReset : 1;
		USHORT HostProtectedArea : 1;
		USHORT Obsolete1 : 1;
		USHORT WriteBuffer : 1;
		USHORT ReadBuffer : 1;
		USHORT Nop : 1;
		USHORT Obsolete2 : 1;
		USHORT DownloadMicrocode : 1;
		USHORT Reserved1 : 2;
		USHORT AdvancedPm : 1;
		USHORT Msn : 1;
		USHORT PowerUpInStandby : 1;
		USHORT ManualPowerUp : 1;
		USHORT Reserved2 : 1;
		USHORT SetMax : 1;
		USHORT Reserved3 : 3;
		USHORT FlushCache : 1;
		USHORT Reserved : 3;
	} CommandSetActive; /* 85 */
	union {
		struct {
			USHORT Reserved0 : 5;
			USHORT GpLogging : 1;
			USHORT Reserved1 : 2;
			USHORT WWN64Bit : 1;
			USHORT Reserved2 : 5;
			USHORT WordValid : 2;
		} CommandSetActiveExt; /* 87 */
		USHORT ReservedWord87;
	};
	USHORT UltraDMASupport : 8;
	USHORT UltraDMAActive : 8;
	union {
		struct {
			USHORT TimeRequiredForNormalEraseModeSecurityEraseUnit; /* 89 */
			USHORT TimeRequiredForEnhancedEraseModeSecurityEraseUnit; /* 90 */
			USHORT CurrentAPMLevel; /* 91 */
			USHORT MasterPasswordID; /* 92 */
		};
		USHORT ReservedWords89[4];
	};
	USHORT HardwareResetResult; /* 93 */
	USHORT ReservedWords94[14]; /* 94 */
	USHORT WorldWideName[4]; /* 108 */
	USHORT ReservedWords112[13]; /* 112 */
	USHORT AtapiZeroByteCount; /* 125 */
	USHORT ReservedWord126; /* 126 */
	USHORT MsnSupport : 2;
	USHORT ReservedWord127 : 14;
	USHORT SecurityStatus; /* 128 */
	union {
		struct {
			USHORT VendorSpecific[31]; /* 129 */
			USHORT ReservedWord160[16]; /* 160 */
			USHORT ReservedWord176[46]; /* 176 */
			struct {
				USHORT MajorVersion : 12;
				USHORT TransportType : 4;
			} TransportMajorVersion; /* 222 */
			USHORT TransportMinorVersion; /* 223 */
			USHORT ReservedWord224[31]; /* 224 */
		};
		USHORT ReservedWord129[126];
	};
	USHORT Signature : 8;
	USHORT CheckSum : 8;
} IDENTIFY_PACKET_DATA, *PIDENTIFY_PACKET_DATA;

/* Register FIS, host to device; CmdReg says command, not device control */
typedef struct _REGISTER_FIS {
	UCHAR FisType;
	UCHAR Reserved0 : 7;
	UCHAR CmdReg : 1;
	UCHAR Command;
	UCHAR Features;
	UCHAR SectorNumber;
	UCHAR CylinderLow;
	UCHAR CylinderHigh;
	UCHAR DeviceHead;
	UCHAR SectorNumberExp;
	UCHAR CylinderLowExp;
	UCHAR CylinderHighExp;
	UCHAR FeaturesExp;
	UCHAR SectorCount;
	UCHAR SectorCountExp;
	UCHAR Reserved2;
	UCHAR Control;
	ULONG Reserved3;
} REGISTER_FIS, *PREGISTER_FIS;

#endif /* _ATA_H_ */
