package dev.sagamart.e2e.bench;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import dev.sagamart.local.Orphans;
import dev.sagamart.local.PartName;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * The allocated bytes of the platform's JVMs and the request counts of its broker.
 * Attaches to each JVM and starts its local management agent, so that no JVM needs any
 * settings. Returns nothing for a JVM that does not run or was restarted.
 */
record JvmCounters(Map<String, JMXConnector> connectors) implements AutoCloseable {

	/** Counter names by the broker's names for its requests. */
	private static final Map<String, String> REQUESTS = new TreeMap<>(
			Map.of("Produce", "produce requests", "FetchConsumer", "fetch requests", "OffsetCommit", "offset commits"));

	/** Attaches to the JVM of every part with a pid file, if that is permitted. */
	static JvmCounters attach(Path pidFiles) {
		// Attach to JVMs only: attaching sends SIGQUIT, which ends PostgreSQL at once.
		Set<String> jvms = VirtualMachine.list().stream().map(VirtualMachineDescriptor::id).collect(Collectors.toSet());
		Map<String, JMXConnector> connectors = new TreeMap<>();
		Map<String, Long> parts = Orphans.pids(pidFiles);
		parts.keySet().retainAll(PartName.ALL.stream().map(PartName::text).toList());
		parts.forEach((name, pid) -> withChildren(pid).filter(jvms::contains).findFirst().ifPresent((jvm) -> {
			try {
				connectors.put(name, connect(jvm));
			}
			catch (IOException | AttachNotSupportedException _) {
				connectors.remove(name);
			}
		}));
		return new JvmCounters(connectors);
	}

	/** The process and its descendants, because a shell may have started the JVM. */
	private static Stream<String> withChildren(long pid) {
		return ProcessHandle.of(pid)
			.stream()
			.flatMap((process) -> Stream.concat(Stream.of(process), process.descendants()))
			.map((process) -> Long.toString(process.pid()));
	}

	/** The address can be trusted, because it comes from that JVM. */
	@SuppressWarnings("BanJNDI")
	private static JMXConnector connect(String pid) throws IOException, AttachNotSupportedException {
		VirtualMachine machine = VirtualMachine.attach(pid);
		try {
			return JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
		}
		finally {
			machine.detach();
		}
	}

	/** Adds the counters that can be read. */
	void read(Map<String, Double> values) {
		REQUESTS.forEach((request, name) -> add(values, name, PartName.KAFKA.text(),
				"kafka.network:type=RequestMetrics,name=RequestsPerSec,request=" + request + ",*", "Count", 1));
		this.connectors.keySet()
			.forEach((part) -> add(values, "KiB allocated by " + part, part, ManagementFactory.THREAD_MXBEAN_NAME,
					"TotalThreadAllocatedBytes", 1024));
	}

	/**
	 * Adds the sum of an attribute over all matching beans. Ignores 0: the JVM does not
	 * count it, or the broker had no such requests.
	 */
	private void add(Map<String, Double> values, String name, String part, String beans, String attribute,
			double divisor) {
		JMXConnector connector = this.connectors.get(part);
		if (connector == null) {
			return;
		}
		try {
			MBeanServerConnection jvm = connector.getMBeanServerConnection();
			double sum = 0;
			for (ObjectName bean : jvm.queryNames(new ObjectName(beans), null)) {
				sum += ((Number) jvm.getAttribute(bean, attribute)).doubleValue();
			}
			if (sum > 0) {
				values.put(name, sum / divisor);
			}
		}
		catch (IOException | JMException _) {
			values.remove(name);
		}
	}

	@Override
	public void close() {
		for (JMXConnector connector : this.connectors.values()) {
			try {
				connector.close();
			}
			catch (IOException _) {
				// The JVM has already ended.
			}
		}
	}

}
