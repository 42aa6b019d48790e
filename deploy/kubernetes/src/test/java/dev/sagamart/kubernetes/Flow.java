package dev.sagamart.kubernetes;

/** A connection from one party to a port of another. */
record Flow(String from, String to, String port) {

	@Override
	public String toString() {
		return this.from + " → " + this.to + " " + this.port;
	}

}
