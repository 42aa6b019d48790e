/**
 * The resources of operators that publish no Java classes: a record for each part of a
 * resource, with only the fields that are used here. A {@code required} component must
 * not be missing. They follow the CustomResourceDefinitions of
 * <ul>
 * <li>KEDA 2.20: {@code keda.sh/v1alpha1}</li>
 * <li>Argo Rollouts 1.9: {@code argoproj.io/v1alpha1}</li>
 * <li>CloudNativePG 1.30: {@code postgresql.cnpg.io/v1}</li>
 * <li>Barman Cloud plug-in 0.14: {@code barmancloud.cnpg.io/v1}</li>
 * <li>External Secrets 2.9: {@code external-secrets.io/v1}</li>
 * </ul>
 */
package dev.sagamart.kubernetes.operators;
