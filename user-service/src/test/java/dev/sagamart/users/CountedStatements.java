package dev.sagamart.users;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Notes each statement that a thread of the web server or the test sends to the database,
 * and each commit.
 */
class CountedStatements implements BeanPostProcessor {

	private final List<String> sent = new CopyOnWriteArrayList<>();

	private volatile @Nullable Thread caller;

	/** What is sent while some work is done. */
	List<String> during(Runnable work) {
		this.caller = Thread.currentThread();
		this.sent.clear();
		work.run();
		return List.copyOf(this.sent);
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String name) {
		return (bean instanceof DataSource dataSource) ? new DelegatingDataSource(dataSource) {
			@Override
			public Connection getConnection() throws SQLException {
				return counted(super.getConnection(), Connection.class, "");
			}
		} : bean;
	}

	private void note(String sql) {
		Thread thread = Thread.currentThread();
		if (thread == this.caller || thread.getName().startsWith("tomcat-handler")) {
			this.sent.add(sql);
		}
	}

	private <T> T counted(T target, Class<T> type, String sql) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (_, method, arguments) -> {
				if (method.getName().startsWith("execute")) {
					note(sql.isEmpty() ? String.valueOf(arguments[0]) : sql);
				}
				else if (method.getName().equals("commit")) {
					note("COMMIT");
				}
				try {
					Object result = method.invoke(target, arguments);
					return switch (result) {
						case PreparedStatement statement when type == Connection.class ->
							counted(statement, PreparedStatement.class, (String) arguments[0]);
						case Statement statement when type == Connection.class ->
							counted(statement, Statement.class, "");
						case null, default -> result;
					};
				}
				catch (InvocationTargetException ex) {
					throw ex.getCause();
				}
			}));
	}

}
