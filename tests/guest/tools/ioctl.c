// SPDX-License-Identifier: GPL-2.0-only
/*
 * Private I/O control of a miniport:
 *
 *   ioctl [option..] NODE CODE [BYTE..]
 *
 *   -c N  channel		-t N  target
 *   -T N  timeout		-l N  length of the data, zeroes behind the bytes
 *   -s N  size that is claimed	-H N  header length that is claimed
 *   -d N  data length that is claimed
 *   -n N  so many times	-q    print no data
 *   -3    as a program of 32 bits does
 *   -u    without CAP_SYS_RAWIO
 *   -x    an unknown ioctl number
 *
 * Prints "OK" or the name of the errno, the status, what the miniport left as
 * ReturnStatus, and the data.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../../ataport/uapi/ataport_ioctl.h"

#define ROOM	(ATAPORT_IOCTL_MAX_SIZE + 4096)

#ifdef __x86_64__
/* Number 54 of the other table. */
static int ioctl32(int fd, unsigned int cmd, void *arg)
{
	long rc;

	__asm__ volatile("int $0x80" : "=a"(rc) : "0"(54L), "b"((long)fd), "c"((long)cmd), "d"((long)arg)
			 : "memory", "r8", "r9", "r10", "r11");
	if ((int)rc < 0 && (int)rc > -4096) {
		errno = -(int)rc;
		return -1;
	}
	return (int)rc;
}
#else
#define MAP_32BIT	0

static int ioctl32(int fd, unsigned int cmd, void *arg)
{
	(void)fd;
	(void)cmd;
	(void)arg;
	fprintf(stderr, "-3: no way into 32-bit calls is known for this processor\n");
	exit(2);
}
#endif

static void drop_rawio(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &head, data))
		exit(2);
	data[0].effective &= ~(1U << CAP_SYS_RAWIO);
	data[0].permitted &= ~(1U << CAP_SYS_RAWIO);
	if (syscall(SYS_capset, &head, data))
		exit(2);
}

int main(int argc, char **argv)
{
	unsigned int cmd = ATAPORT_IOC_MINIPORT, length = 0, timeout = 5, times = 1;
	long size = -1, header = -1, claimed = -1;
	struct ataport_io_control *io;
	struct ataport_ioctl *arg;
	unsigned char *data, *bytes;
	int option, fd, quiet = 0, compat = 0, drop = 0, rc = 0, error = 0;
	unsigned int channel = 0, target = 0, i, n;

	while ((option = getopt(argc, argv, "c:t:T:l:s:H:d:n:q3ux")) != -1) {
		switch (option) {
		case 'c':
			channel = atoi(optarg);
			break;
		case 't':
			target = atoi(optarg);
			break;
		case 'T':
			timeout = atoi(optarg);
			break;
		case 'l':
			length = atoi(optarg);
			break;
		case 's':
			size = atol(optarg);
			break;
		case 'H':
			header = atol(optarg);
			break;
		case 'd':
			claimed = atol(optarg);
			break;
		case 'n':
			times = atoi(optarg);
			break;
		case 'q':
			quiet = 1;
			break;
		case '3':
			compat = 1;
			break;
		case 'u':
			drop = 1;
			break;
		case 'x':
			cmd = _IOWR(0xda, 0x77, struct ataport_ioctl);
			break;
		default:
			return 2;
		}
	}
	if (argc - optind < 2)
		return 2;
	fd = open(argv[optind], O_RDWR);
	if (fd < 0) {
		perror(argv[optind]);
		return 2;
	}
	/* Where 32 bits reach. */
	data = mmap(NULL, ROOM + 4096, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	if (data == MAP_FAILED)
		return 2;
	arg = (void *)(data + ROOM);
	io = (void *)data;
	bytes = data + sizeof(*io);
	n = argc - optind - 2;
	if (n > length)
		length = n;
	if (drop)
		drop_rawio();

	for (; times; times--) {
		memset(data, 0, ROOM);
		for (i = 0; i < n; i++)
			bytes[i] = strtoul(argv[optind + 2 + i], NULL, 16);
		io->header_length = header >= 0 ? header : (long)sizeof(*io);
		memcpy(io->signature, "CONFORM", 8);
		io->timeout = timeout;
		io->control_code = strtoul(argv[optind + 1], NULL, 0);
		io->data_length = claimed >= 0 ? claimed : (long)length;
		memset(arg, 0, sizeof(*arg));
		arg->channel = channel;
		arg->target = target;
		arg->size = size >= 0 ? size : (long)(sizeof(*io) + length);
		arg->data = (unsigned long)data;
		rc = compat ? ioctl32(fd, cmd, arg) : ioctl(fd, cmd, arg);
		if (rc) {
			error = errno;
			break;
		}
	}
	printf("%s %u %#x", rc ? strerrorname_np(error) : "OK", arg->status, io->return_status);
	for (i = 0; !quiet && i < length; i++)
		printf(" %02x", bytes[i]);
	printf("\n");
	return rc ? 1 : 0;
}
