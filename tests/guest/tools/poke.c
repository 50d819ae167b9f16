// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads or writes registers of a PCI function behind its driver's back, by the
 * file of the BAR in sysfs. The kernel has to be booted with iomem=relaxed.
 *
 *   poke FILE OFFSET                          prints a register
 *   poke [-n TIMES] FILE {OFFSET VALUE}..     writes registers, in this order
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static volatile uint32_t *find(char *map, off_t size, const char *text)
{
	unsigned long offset = strtoul(text, NULL, 0);

	if (offset & 3 || offset + 4 > (unsigned long)size) {
		fprintf(stderr, "poke: %#lx is not in the BAR\n", offset);
		exit(1);
	}
	return (volatile uint32_t *)(map + offset);
}

int main(int argc, char **argv)
{
	unsigned long times = 1;
	struct stat st;
	char *map;
	int c, fd, i;

	while ((c = getopt(argc, argv, "n:")) == 'n')
		times = strtoul(optarg, NULL, 0);
	argc -= optind;
	argv += optind;
	if (c != -1 || argc < 2 || (argc > 2 && !(argc & 1))) {
		fprintf(stderr, "poke: see the top of poke.c\n");
		return 2;
	}
	fd = open(argv[0], O_RDWR | O_SYNC);
	if (fd < 0 || fstat(fd, &st)) {
		perror(argv[0]);
		return 1;
	}
	map = mmap(NULL, st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED) {
		perror("mmap (is iomem=relaxed given?)");
		return 1;
	}
	if (argc == 2) {
		printf("%#x\n", *find(map, st.st_size, argv[1]));
		return 0;
	}
	while (times--)
		for (i = 1; i < argc; i += 2)
			*find(map, st.st_size, argv[i]) = strtoul(argv[i + 1], NULL, 0);
	return 0;
}
