package dev.sagamart.e2e.bench;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
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
 * What the JVMs of the platform allocate, and the requests that its broker counts. Each
 * JVM is asked to open its management to this machine, without any setting of its own.
 * Who is not there, or has restarted since, tells nothing.
 */
final class JvmCounters implements AutoCloseable {

	/** By the names that the broker has for them. */
	private static final Map<String, String> REQUESTS = new TreeMap<>(
			Map.of("Produce", "produce requests", "FetchConsumer", "fetch requests", "OffsetCommit", "offset commits"));

	private final Map<String, JMXConnector> connectors;

	private JvmCounters(Map<String, JMXConnector> connectors) {
		this.connectors = connectors;
	}

	/** Attaches to the JVM of every part that has a pid file and lets us. */
	static JvmCounters attach(Path pidFiles) {
		// Attaching begins with a signal that ends PostgreSQL at once, for instance.
		Set<String> jvms = VirtualMachine.list().stream().map(VirtualMachineDescriptor::id).collect(Collectors.toSet());
		Map<String, JMXConnector> connectors = new TreeMap<>();
		Map<String, Long> parts = Usage.pids(pidFiles);
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

	/** A part may have been started through a shell that waits for it. */
	private static Stream<String> withChildren(long pid) {
		return ProcessHandle.of(pid)
			.stream()
			.flatMap((process) -> Stream.concat(Stream.of(process), process.descendants()))
			.map((process) -> Long.toString(process.pid()));
	}

	/** The address is not a stranger's: we have just had it from that JVM. */
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

	/** Adds what can be read. */
	void read(Map<String, Double> values) {
		REQUESTS.forEach((request, name) -> add(values, name, PartName.KAFKA.text(),
				"kafka.network:type=RequestMetrics,name=RequestsPerSec,request=" + request + ",*", "Count", 1));
		this.connectors.keySet()
			.forEach((part) -> add(values, "KiB allocated by " + part, part, ManagementFactory.THREAD_MXBEAN_NAME,
					"TotalThreadAllocatedBytes", 1024));
	}

	/**
	 * Adds the sum of an attribute. Neither a JVM that does not count nor a broker
	 * without such requests tells anything that is more than 0.
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
				// It has ended before us.
			}
		}
	}

}
