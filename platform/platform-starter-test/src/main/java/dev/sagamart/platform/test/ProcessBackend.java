package dev.sagamart.platform.test;

import dev.sagamart.local.Part;

/** A server as a process of this machine. */
record ProcessBackend(Part part) implements Backend {

	@Override
	public String host() {
		return "127.0.0.1";
	}

	@Override
	public int port() {
		return this.part.port();
	}

	@Override
	public void start() {
		this.part.start(PATIENCE);
	}

	@Override
	public void stop() {
		this.part.stop(PATIENCE);
	}

	@Override
	public void kill() {
		this.part.kill();
	}

	@Override
	public void hang() {
		this.part.signal("STOP");
	}

	@Override
	public void wake() {
		this.part.signal("CONT");
	}

}
