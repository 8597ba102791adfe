/* XDP: every packet is dropped. */
__attribute__((section("xdp"), used)) int xdp_drop(void *context)
{
	return 1; /* XDP_DROP */
}

char _license[] __attribute__((section("license"), used)) = "GPL";
